#pragma once
// Image files for the tests, written by libpng and libtiff.

#include <png.h>
#include <tiffio.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace assistd::analysis {

struct PngKind {
    int bits = 8;
    int colour = PNG_COLOR_TYPE_GRAY;
    bool interlaced = false;
    std::vector<png_color> palette = {};
    std::vector<png_byte> palette_alpha = {};
};

// `rows` as the file holds them, packed and big-endian.
inline std::string png_file(int width, const std::vector<std::vector<png_byte>>& rows,
                            const PngKind& kind = {}) {
    std::string bytes;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(
        png, &bytes,
        [](png_structp of, png_bytep data, std::size_t size) {
            static_cast<std::string*>(png_get_io_ptr(of))->append(reinterpret_cast<char*>(data), size);
        },
        nullptr);
    png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(rows.size()), kind.bits,
                 kind.colour, kind.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (!kind.palette.empty())
        png_set_PLTE(png, info, kind.palette.data(), static_cast<int>(kind.palette.size()));
    if (!kind.palette_alpha.empty())
        png_set_tRNS(png, info, kind.palette_alpha.data(), static_cast<int>(kind.palette_alpha.size()),
                     nullptr);
    png_write_info(png, info);
    std::vector<png_bytep> pointers;
    for (const auto& row : rows) pointers.push_back(const_cast<png_bytep>(row.data()));
    png_write_image(png, pointers.data());
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return bytes;
}

// What `write` puts into a TIFF; each of its pages ends with TIFFWriteDirectory.
inline std::string tiff_file(const std::function<void(TIFF*)>& write, const char* mode = "w") {
    std::string path = std::filesystem::temp_directory_path() / "assistd-tiff-test.XXXXXX";
    const int fd = ::mkstemp(path.data());
    if (fd < 0) throw std::runtime_error("There is no temporary file.");
    ::close(fd);
    TIFF* tiff = TIFFOpen(path.c_str(), mode);
    write(tiff);
    TIFFClose(tiff);
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    std::filesystem::remove(path);
    return bytes.str();
}

struct TiffKind {
    int bits = 8;
    int photometric = PHOTOMETRIC_MINISBLACK;
    int tile = 0;  // side of a tile, 0 for strips
    int compression = COMPRESSION_NONE;
    int format = SAMPLEFORMAT_UINT;
};

// A page of grey `levels`, which are 8 or 16 bits wide.
template <class Level>
void write_page(TIFF* tiff, int width, const std::vector<Level>& levels, const TiffKind& kind = {}) {
    const int height = static_cast<int>(levels.size()) / width;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, kind.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, kind.photometric);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, kind.compression);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, kind.format);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    if (kind.tile == 0) {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 3);
        for (int y = 0; y < height; ++y) {
            // libtiff turns the bytes of what it writes around where it is.
            std::vector<Level> row(levels.begin() + y * width, levels.begin() + (y + 1) * width);
            TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y));
        }
    } else {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, kind.tile);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, kind.tile);
        for (int top = 0; top < height; top += kind.tile)
            for (int left = 0; left < width; left += kind.tile) {
                std::vector<Level> tile(static_cast<std::size_t>(kind.tile * kind.tile));
                for (int y = 0; y < std::min(kind.tile, height - top); ++y)
                    for (int x = 0; x < std::min(kind.tile, width - left); ++x)
                        tile[static_cast<std::size_t>(y * kind.tile + x)] =
                            levels[static_cast<std::size_t>((top + y) * width + left + x)];
                TIFFWriteTile(tiff, tile.data(), static_cast<std::uint32_t>(left),
                              static_cast<std::uint32_t>(top), 0, 0);
            }
    }
    TIFFWriteDirectory(tiff);
}

}  // namespace assistd::analysis
