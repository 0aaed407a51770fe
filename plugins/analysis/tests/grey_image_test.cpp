// PNG and TIFF files of every kind that a microscope or a paint program writes, and such that want to do
// harm.

#include "analysis/fraktal/grey_image.h"

#include <gtest/gtest.h>

#include <zlib.h>

#include "pictures.h"

namespace assistd::analysis {
namespace {

GreyImage read(const std::string& bytes, int page = 1) {
    return read_grey_image(std::as_bytes(std::span(bytes)), page);
}
std::string refusal(const std::string& bytes, int page = 1) {
    try {
        read(bytes, page);
    } catch (const ImageRefused& refused) {
        return refused.what();
    }
    return "accepted";
}
using Levels = std::vector<std::uint16_t>;

TEST(Png, ReadsEveryDepthOfGrey) {
    const GreyImage eight = read(png_file(3, {{0, 100, 255}, {1, 2, 3}}));
    EXPECT_EQ(eight.levels, (Levels{0, 25700, 65535, 257, 514, 771}));
    EXPECT_EQ(eight.bits, 8);
    EXPECT_EQ(read(png_file(4, {{0b10100000}}, {.bits = 1})).levels, (Levels{65535, 0, 65535, 0}));
    EXPECT_EQ(read(png_file(2, {{0x3f}}, {.bits = 4})).levels, (Levels{3 * 17 * 257, 65535}));
    const GreyImage wide = read(png_file(2, {{0x12, 0x34, 0xff, 0xff}}, {.bits = 16}));
    EXPECT_EQ(wide.levels, (Levels{0x1234, 65535}));
    EXPECT_EQ(wide.bits, 16);
}

TEST(Png, ReadsColoursPalettesAndTransparency) {
    const GreyImage colour = read(png_file(2, {{255, 0, 0, 255, 255, 255}}, {.colour = PNG_COLOR_TYPE_RGB}));
    EXPECT_TRUE(colour.colour);
    EXPECT_NEAR(colour.levels[0], 0.2126 * 65535, 2);
    EXPECT_EQ(colour.levels[1], 65535);
    const PngKind palette{.colour = PNG_COLOR_TYPE_PALETTE,
                          .palette = {{0, 0, 0}, {255, 255, 255}, {10, 10, 10}},
                          .palette_alpha = {255, 255, 0}};
    EXPECT_EQ(read(png_file(3, {{0, 1, 2}}, palette)).levels, (Levels{0, 65535, 65535}));
    const GreyImage clear = read(png_file(2, {{0, 0, 0, 255}}, {.colour = PNG_COLOR_TYPE_GRAY_ALPHA}));
    EXPECT_TRUE(clear.alpha);
    EXPECT_EQ(clear.levels, (Levels{65535, 0}));
    EXPECT_EQ(
        read(png_file(1, {{0, 0, 0, 0, 0, 0, 0x80, 0}}, {.bits = 16, .colour = PNG_COLOR_TYPE_RGB_ALPHA}))
            .levels,
        (Levels{65535 - 0x8000}));
}

TEST(Png, ReadsInterlaced) {
    std::vector<std::vector<png_byte>> rows(9, std::vector<png_byte>(9));
    for (std::size_t y = 0; y < 9; ++y)
        for (std::size_t x = 0; x < 9; ++x) rows[y][x] = static_cast<png_byte>(y * 9 + x);
    EXPECT_EQ(read(png_file(9, rows, {.interlaced = true})).levels, read(png_file(9, rows)).levels);
}

TEST(Png, SaysWhatIsWrong) {
    std::string good = png_file(300, std::vector<std::vector<png_byte>>(300, std::vector<png_byte>(300, 7)));
    EXPECT_NE(refusal(good.substr(0, good.size() / 2))
                  .find("The PNG is damaged: libpng says \"it ends too early\""),
              std::string::npos);
    EXPECT_NE(refusal(good.substr(0, 20)).find("damaged"), std::string::npos);
    std::string broken = good;
    broken[good.size() / 2] = static_cast<char>(broken[good.size() / 2] ^ 0x55);
    EXPECT_NE(refusal(broken).find("damaged"), std::string::npos);
    EXPECT_EQ(refusal(good, 2), "A PNG has one page; page must be 1.");
    // One that says that it is huge: the checksum of the header is right, there is nothing behind it.
    std::string huge = good.substr(0, 16);
    huge += std::string("\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x00\x00\x00\x00", 13);
    const auto crc =
        static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const unsigned char*>(huge.data()) + 12, 17));
    for (const int shift : {24, 16, 8, 0}) huge += static_cast<char>(crc >> shift);
    EXPECT_NE(refusal(huge + good.substr(33)).find("100000 x 100000 pixels; at most 64 million"),
              std::string::npos);
}

TEST(Tiff, ReadsStripsAndTilesOfBothDepths) {
    std::vector<std::uint8_t> narrow;
    std::vector<std::uint16_t> wide;
    for (int i = 0; i < 37 * 23; ++i) {
        narrow.push_back(static_cast<std::uint8_t>(i));
        wide.push_back(static_cast<std::uint16_t>(i * 75));
    }
    Levels stretched;
    for (const std::uint8_t level : narrow) stretched.push_back(static_cast<std::uint16_t>(level * 257));
    for (const int tile : {0, 16})
        for (const int compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE}) {
            TiffKind kind{.tile = tile, .compression = compression};
            EXPECT_EQ(read(tiff_file([&](TIFF* tiff) { write_page(tiff, 37, narrow, kind); })).levels,
                      stretched);
            kind.bits = 16;
            for (const char* order : {"wl", "wb", "w8"}) {
                const GreyImage image =
                    read(tiff_file([&](TIFF* tiff) { write_page(tiff, 37, wide, kind); }, order));
                EXPECT_EQ(image.levels, wide) << tile << " " << compression << " " << order;
                EXPECT_EQ(image.bits, 16);
            }
        }
}

TEST(Tiff, ReadsNegatives) {
    const std::vector<std::uint8_t> levels{0, 255, 100};
    const GreyImage image = read(
        tiff_file([&](TIFF* tiff) { write_page(tiff, 3, levels, {.photometric = PHOTOMETRIC_MINISWHITE}); }));
    EXPECT_EQ(image.levels, (Levels{65535, 0, 155 * 257}));
}

TEST(Tiff, ReadsColoursAndPalettes) {
    const std::string colour = tiff_file([](TIFF* tiff) {
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 2);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
        TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        std::uint8_t row[] = {0, 255, 0, 0, 0, 0};
        TIFFWriteScanline(tiff, row, 0);
    });
    const GreyImage image = read(colour);
    EXPECT_TRUE(image.colour);
    EXPECT_NEAR(image.levels[0], 0.7152 * 65535, 2);
    EXPECT_EQ(image.levels[1], 0);

    const std::string palette = tiff_file([](TIFF* tiff) {
        std::vector<std::uint16_t> colours(256);
        colours[5] = 65535;
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
        TIFFSetField(tiff, TIFFTAG_COLORMAP, colours.data(), colours.data(), colours.data());
        write_page(tiff, 2, std::vector<std::uint8_t>{5, 6}, {.photometric = PHOTOMETRIC_PALETTE});
    });
    EXPECT_EQ(read(palette).levels, (Levels{65535, 0}));
}

TEST(Tiff, ReadsOnePageOfSeveral) {
    const std::string two = tiff_file([](TIFF* tiff) {
        write_page(tiff, 2, std::vector<std::uint8_t>{1, 2});
        write_page(tiff, 3, std::vector<std::uint8_t>{7, 8, 9});
    });
    EXPECT_TRUE(read(two).more_pages);
    EXPECT_EQ(read(two).width, 2);
    EXPECT_EQ(read(two, 2).levels, (Levels{7 * 257, 8 * 257, 9 * 257}));
    EXPECT_FALSE(read(two, 2).more_pages);
    EXPECT_EQ(refusal(two, 3), "The TIFF has 2 pages; page must be at most that.");
}

TEST(Tiff, SaysWhatIsWrong) {
    const std::vector<std::uint8_t> levels(200 * 200, 9);
    const std::string good =
        tiff_file([&](TIFF* tiff) { write_page(tiff, 200, levels, {.compression = COMPRESSION_LZW}); });
    EXPECT_NE(refusal(good.substr(0, 8)).find("The TIFF is damaged"), std::string::npos);
    EXPECT_NE(refusal(good.substr(0, good.size() / 2)).find("The TIFF is damaged"), std::string::npos);
    const std::string floats = tiff_file([](TIFF* tiff) {
        write_page(tiff, 1, std::vector<float>{1, 2}, {.bits = 32, .format = SAMPLEFORMAT_IEEEFP});
    });
    EXPECT_NE(refusal(floats).find("Save it with 8 or 16 bits of grey"), std::string::npos);
    // Every byte of a small file once wrong: an image, or a sentence.
    const std::string small =
        tiff_file([](TIFF* tiff) { write_page(tiff, 4, std::vector<std::uint8_t>(16, 3), {.tile = 16}); });
    for (std::size_t i = 0; i < small.size(); ++i)
        for (const int flip : {0x01, 0x80, 0xff}) {
            std::string broken = small;
            broken[i] = static_cast<char>(broken[i] ^ flip);
            refusal(broken);
        }
}

TEST(Tiff, BoundsWhatItAllocates) {
    const std::string file = tiff_file([](TIFF* tiff) {
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 4000000);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 4000000);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 4000000);
        char few[] = "few bytes";
        TIFFWriteRawStrip(tiff, 0, few, sizeof few);
        TIFFWriteDirectory(tiff);
    });
    EXPECT_NE(refusal(file).find("4000000 x 4000000 pixels; at most 64 million"), std::string::npos);
}

TEST(GreyImage, SaysThatAFileIsNone) {
    EXPECT_EQ(refusal(""), "The file is empty.");
    EXPECT_EQ(refusal("GIF89a…"), "The file is neither a PNG nor a TIFF. Convert it to one of them.");
    EXPECT_NE(refusal("\x89PNG\r\n\x1a\n").find("damaged"), std::string::npos);
}

}  // namespace
}  // namespace assistd::analysis
