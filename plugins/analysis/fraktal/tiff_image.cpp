// TIFF by libtiff. Grey levels of 8 and 16 bits, what microscopes write, are read as they are; everything
// else that libtiff can show (palettes, colours, 1 bit, JPEG in TIFF) goes through its 8-bit RGBA reader.

#include <tiffio.h>

#include <cstdio>
#include <cstring>
#include <memory>

#include "assistd/late_library.hpp"
#include "fraktal/grey_image.h"

namespace assistd::analysis {
namespace {

// What is used of libtiff, under its own names. It brings a decoder for each kind of compression; loaded by
// the first TIFF.
struct Library {
    LateLibrary library_{ANALYSIS_TIFF_SONAME};
    ASSISTD_LATE(TIFFClientOpenExt);
    ASSISTD_LATE(TIFFClose);
    ASSISTD_LATE(TIFFGetField);
    ASSISTD_LATE(TIFFGetFieldDefaulted);
    ASSISTD_LATE(TIFFIsTiled);
    ASSISTD_LATE(TIFFLastDirectory);
    ASSISTD_LATE(TIFFOpenOptionsAlloc);
    ASSISTD_LATE(TIFFOpenOptionsFree);
    ASSISTD_LATE(TIFFOpenOptionsSetErrorHandlerExtR);
    ASSISTD_LATE(TIFFOpenOptionsSetMaxSingleMemAlloc);
    ASSISTD_LATE(TIFFOpenOptionsSetWarningHandlerExtR);
    ASSISTD_LATE(TIFFRGBAImageOK);
    ASSISTD_LATE(TIFFReadDirectory);
    ASSISTD_LATE(TIFFReadRGBAImageOriented);
    ASSISTD_LATE(TIFFReadScanline);
    ASSISTD_LATE(TIFFReadTile);
    ASSISTD_LATE(TIFFScanlineSize);
    ASSISTD_LATE(TIFFTileSize);
};

const Library& libtiff() {
    static const Library loaded;
    return loaded;
}

struct Source {
    std::span<const std::byte> bytes;
    std::uint64_t at = 0;
    std::string problem;  // the first thing that libtiff complained about
};

Source& of(thandle_t handle) {
    return *static_cast<Source*>(handle);
}

tmsize_t take(thandle_t handle, void* to, tmsize_t count) {
    Source& source = of(handle);
    const std::uint64_t left = source.at < source.bytes.size() ? source.bytes.size() - source.at : 0;
    const auto size = std::min<std::uint64_t>(left, static_cast<std::uint64_t>(count));
    if (size > 0) std::memcpy(to, source.bytes.data() + source.at, size);
    source.at += size;
    return static_cast<tmsize_t>(size);
}
tmsize_t refuse_to_write(thandle_t, void*, tmsize_t) {
    return 0;
}
toff_t seek(thandle_t handle, toff_t to, int from) {
    Source& source = of(handle);
    source.at = from == SEEK_SET ? to : from == SEEK_CUR ? source.at + to : source.bytes.size() + to;
    return source.at;
}
int leave_open(thandle_t) {
    return 0;
}
toff_t size_of(thandle_t handle) {
    return of(handle).bytes.size();
}

int remember(TIFF*, void* to, const char*, const char* format, va_list values) {
    std::string& problem = static_cast<Source*>(to)->problem;
    if (problem.empty()) {
        char text[200];
        std::vsnprintf(text, sizeof text, format, values);
        problem = text;
        while (!problem.empty() && problem.back() == '.') problem.pop_back();
    }
    return 1;
}
int ignore(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

struct Close {
    void operator()(TIFF* tiff) const { libtiff().TIFFClose(tiff); }
    void operator()(TIFFOpenOptions* options) const { libtiff().TIFFOpenOptionsFree(options); }
};
using Tiff = std::unique_ptr<TIFF, Close>;

Tiff open(Source& source) {
    const std::unique_ptr<TIFFOpenOptions, Close> options(libtiff().TIFFOpenOptionsAlloc());
    if (!options) throw std::bad_alloc();
    libtiff().TIFFOpenOptionsSetErrorHandlerExtR(options.get(), remember, &source);
    libtiff().TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore, nullptr);
    libtiff().TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), 512 << 20);
    return Tiff(libtiff().TIFFClientOpenExt("image", "rm", &source, take, refuse_to_write, seek, leave_open,
                                            size_of, nullptr, nullptr, options.get()));
}

ImageRefused damaged(const Source& source) {
    return ImageRefused("The TIFF is damaged: " + (source.problem.empty()
                                                       ? "it cannot be read."
                                                       : "libtiff says \"" + source.problem + "\"."));
}

std::uint16_t tag(TIFF* tiff, std::uint32_t which) {
    std::uint16_t value = 0;
    libtiff().TIFFGetFieldDefaulted(tiff, which, &value);
    return value;
}

bool is_plain_grey(TIFF* tiff) {
    const std::uint16_t bits = tag(tiff, TIFFTAG_BITSPERSAMPLE);
    std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
    libtiff().TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    return tag(tiff, TIFFTAG_SAMPLESPERPIXEL) == 1 && (bits == 8 || bits == 16) &&
           tag(tiff, TIFFTAG_SAMPLEFORMAT) == SAMPLEFORMAT_UINT &&
           (photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE);
}

// `count` levels of the file at `from`, to the image's row y from column x on.
void put_levels(GreyImage& image, const std::vector<std::uint8_t>& buffer, std::size_t from, int x, int y,
                int count, bool inverted) {
    std::uint16_t* to = image.levels.data() +
                        static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                        static_cast<std::size_t>(x);
    for (int i = 0; i < count; ++i) {
        std::uint16_t level;
        if (image.bits == 16)
            std::memcpy(&level, buffer.data() + from + 2 * static_cast<std::size_t>(i), sizeof level);
        else
            level = static_cast<std::uint16_t>(buffer[from + static_cast<std::size_t>(i)] * 257);
        to[i] = inverted ? static_cast<std::uint16_t>(white - level) : level;
    }
}

void check_buffer(tmsize_t size, std::size_t needed) {
    if (size < static_cast<tmsize_t>(needed) || size > (512 << 20))
        throw ImageRefused("The TIFF is damaged: its strips or tiles have an impossible size.");
}

void read_strips(TIFF* tiff, const Source& source, GreyImage& image, bool inverted) {
    const std::size_t wide = image.bits == 16 ? 2 : 1;
    const tmsize_t size = libtiff().TIFFScanlineSize(tiff);
    check_buffer(size, wide * static_cast<std::size_t>(image.width));
    std::vector<std::uint8_t> row(static_cast<std::size_t>(size));
    for (int y = 0; y < image.height; ++y) {
        if (libtiff().TIFFReadScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0) < 0)
            throw damaged(source);
        put_levels(image, row, 0, 0, y, image.width, inverted);
    }
}

void read_tiles(TIFF* tiff, const Source& source, GreyImage& image, bool inverted) {
    std::uint32_t width = 0, height = 0;
    libtiff().TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
    libtiff().TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
    const std::size_t wide = image.bits == 16 ? 2 : 1;
    const tmsize_t size = libtiff().TIFFTileSize(tiff);
    if (width == 0 || height == 0) throw damaged(source);
    check_buffer(size, wide * width * std::uint64_t{height});
    std::vector<std::uint8_t> tile(static_cast<std::size_t>(size));
    for (std::uint32_t top = 0; top < static_cast<std::uint32_t>(image.height); top += height)
        for (std::uint32_t left = 0; left < static_cast<std::uint32_t>(image.width); left += width) {
            if (libtiff().TIFFReadTile(tiff, tile.data(), left, top, 0, 0) < 0) throw damaged(source);
            const int columns =
                static_cast<int>(std::min(width, static_cast<std::uint32_t>(image.width) - left));
            const std::uint32_t rows = std::min(height, static_cast<std::uint32_t>(image.height) - top);
            for (std::uint32_t y = 0; y < rows; ++y)
                put_levels(image, tile, wide * width * std::size_t{y}, static_cast<int>(left),
                           static_cast<int>(top + y), columns, inverted);
        }
}

void read_shown(TIFF* tiff, const Source& source, GreyImage& image) {
    char why[1024] = "";
    if (!libtiff().TIFFRGBAImageOK(tiff, why))
        throw ImageRefused("This kind of TIFF cannot be read (libtiff says \"" + std::string(why) +
                           "\"). Save it with 8 or 16 bits of grey, or as a PNG.");
    std::vector<std::uint32_t> shown(image.levels.size());
    if (!libtiff().TIFFReadRGBAImageOriented(tiff, static_cast<std::uint32_t>(image.width),
                                             static_cast<std::uint32_t>(image.height), shown.data(),
                                             ORIENTATION_TOPLEFT, 1))
        throw damaged(source);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        // libtiff has multiplied the colours by the opacity already.
        const std::uint32_t red = TIFFGetR(shown[i]), green = TIFFGetG(shown[i]), blue = TIFFGetB(shown[i]);
        const std::uint32_t clear = 255 - TIFFGetA(shown[i]);
        const auto mixed = [clear](std::uint32_t part) { return std::min(part + clear, 255u) * 257; };
        image.colour |= red != green || green != blue;
        image.alpha |= clear > 0;
        image.levels[i] = luminance(mixed(red), mixed(green), mixed(blue));
    }
}

}  // namespace

GreyImage read_tiff(std::span<const std::byte> bytes, int page) {
    Source source{bytes, 0, ""};
    const Tiff tiff = open(source);
    if (!tiff) throw damaged(source);
    // One by one, because asking for a page that is not there says no more than that.
    for (int before = 1; before < page; ++before)
        if (!libtiff().TIFFReadDirectory(tiff.get()))
            throw ImageRefused("The TIFF has " + std::to_string(before) + (before == 1 ? " page" : " pages") +
                               "; page must be at most that.");
    std::uint32_t width = 0, height = 0;
    libtiff().TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
    libtiff().TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
    check_size(width, height);

    GreyImage image;
    image.width = static_cast<int>(width);
    image.height = static_cast<int>(height);
    image.bits = tag(tiff.get(), TIFFTAG_BITSPERSAMPLE);
    image.more_pages = !libtiff().TIFFLastDirectory(tiff.get());
    image.levels.resize(std::size_t{width} * height);
    if (!is_plain_grey(tiff.get())) {
        read_shown(tiff.get(), source, image);
        return image;
    }
    std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
    libtiff().TIFFGetField(tiff.get(), TIFFTAG_PHOTOMETRIC, &photometric);
    const auto read = libtiff().TIFFIsTiled(tiff.get()) ? read_tiles : read_strips;
    read(tiff.get(), source, image, photometric == PHOTOMETRIC_MINISWHITE);
    return image;
}

}  // namespace assistd::analysis
