// PNG by libpng. Its errors jump; everything that has a destructor is therefore made by the caller of the
// function that they may leave.

#include <png.h>

#include <csetjmp>
#include <cstring>

#include "fraktal/grey_image.h"

namespace assistd::analysis {
namespace {

struct Source {
    const std::byte* bytes;
    std::size_t size;
    std::size_t at;
};

struct Problem {
    char text[160];
};

void take(png_structp png, png_bytep to, std::size_t count) {
    auto& source = *static_cast<Source*>(png_get_io_ptr(png));
    if (count > source.size - source.at) png_error(png, "it ends too early");
    std::memcpy(to, source.bytes + source.at, count);
    source.at += count;
}

[[noreturn]] void fail(png_structp png, png_const_charp message) {
    auto& problem = *static_cast<Problem*>(png_get_error_ptr(png));
    std::strncpy(problem.text, message, sizeof problem.text - 1);
    png_longjmp(png, 1);
}
void ignore(png_structp, png_const_charp) {}

// libpng's two structs.
class Reader {
  public:
    Reader() : png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, &problem_, fail, ignore)) {
        if (png_) info_ = png_create_info_struct(png_);
        if (!info_) throw std::bad_alloc();
    }
    ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    png_structp png() { return png_; }
    png_infop info() { return info_; }
    ImageRefused refusal() const {
        return ImageRefused("The PNG is damaged: libpng says \"" + std::string(problem_.text) + "\".");
    }

  private:
    Problem problem_{};
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
};

bool read_header(Reader& reader, Source& source) {
    if (setjmp(png_jmpbuf(reader.png()))) return false;
    png_set_user_limits(reader.png(), 0x7fffffff, 0x7fffffff);  // check_size() decides, with a sentence
    png_set_read_fn(reader.png(), &source, take);
    png_read_info(reader.png(), reader.info());
    return true;
}

// Palettes and less than 8 bits become 8 bits, transparent colours alpha; 16 bits stay, in this machine's
// order.
bool start(Reader& reader) {
    if (setjmp(png_jmpbuf(reader.png()))) return false;
    png_set_expand(reader.png());
    if (png_get_bit_depth(reader.png(), reader.info()) == 16) png_set_swap(reader.png());
    png_set_interlace_handling(reader.png());
    png_read_update_info(reader.png(), reader.info());
    return true;
}

bool read_rows(Reader& reader, png_bytep* rows) {
    if (setjmp(png_jmpbuf(reader.png()))) return false;
    png_read_image(reader.png(), rows);
    return true;
}

std::uint32_t sample(const png_byte* at, bool wide) {
    if (!wide) return *at * 257u;
    std::uint16_t value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

}  // namespace

GreyImage read_png(std::span<const std::byte> bytes) {
    Source source{bytes.data(), bytes.size(), 0};
    Reader reader;
    if (!read_header(reader, source)) throw reader.refusal();
    check_size(png_get_image_width(reader.png(), reader.info()),
               png_get_image_height(reader.png(), reader.info()));
    GreyImage image;
    image.width = static_cast<int>(png_get_image_width(reader.png(), reader.info()));
    image.height = static_cast<int>(png_get_image_height(reader.png(), reader.info()));
    image.bits = png_get_bit_depth(reader.png(), reader.info());
    if (!start(reader)) throw reader.refusal();

    const std::size_t row_bytes = png_get_rowbytes(reader.png(), reader.info());
    std::vector<png_byte> raw(row_bytes * static_cast<std::size_t>(image.height));
    std::vector<png_bytep> rows;
    for (int y = 0; y < image.height; ++y)
        rows.push_back(raw.data() + row_bytes * static_cast<std::size_t>(y));
    if (!read_rows(reader, rows.data())) throw reader.refusal();

    const int channels = png_get_channels(reader.png(), reader.info());
    const bool wide = png_get_bit_depth(reader.png(), reader.info()) == 16;
    const std::size_t step = wide ? 2 : 1;
    image.colour = channels >= 3;
    image.alpha = channels == 2 || channels == 4;
    image.levels.reserve(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height));
    for (const png_bytep row : rows) {
        const png_byte* at = row;
        for (int x = 0; x < image.width; ++x) {
            std::uint32_t level = sample(at, wide);
            if (image.colour) level = luminance(level, sample(at + step, wide), sample(at + 2 * step, wide));
            at += step * static_cast<std::size_t>(channels);
            if (image.alpha) level = over_white(level, sample(at - step, wide));
            image.levels.push_back(static_cast<std::uint16_t>(level));
        }
    }
    return image;
}

}  // namespace assistd::analysis
