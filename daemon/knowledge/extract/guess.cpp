#include "knowledge/extract/guess.h"

#include <unicode/ucsdet.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

namespace assistd::extract {
namespace {

constexpr const char* usual = "WINDOWS-1252";
// ICU's detector looks at no more.
constexpr std::size_t sample_bytes = 8'000;

enum class Writing { pairs, foreign, latin };

struct Known {
    std::string_view detected;  // as ICU names it
    const char* encoding;       // what Windows made of it, which has the same characters and some more
    Writing writing;
};
constexpr std::array<Known, 13> all_known = {{{"Shift_JIS", "CP932", Writing::pairs},
                                              {"EUC-JP", "EUC-JP", Writing::pairs},
                                              {"GB18030", "GB18030", Writing::pairs},
                                              {"Big5", "CP950", Writing::pairs},
                                              {"EUC-KR", "CP949", Writing::pairs},
                                              {"windows-1251", "WINDOWS-1251", Writing::foreign},
                                              {"KOI8-R", "KOI8-R", Writing::foreign},
                                              {"ISO-8859-7", "WINDOWS-1253", Writing::foreign},
                                              {"ISO-8859-8-I", "WINDOWS-1255", Writing::foreign},
                                              {"windows-1256", "WINDOWS-1256", Writing::foreign},
                                              {"ISO-8859-6", "ISO-8859-6", Writing::foreign},
                                              {"windows-1250", "WINDOWS-1250", Writing::latin},
                                              {"ISO-8859-2", "ISO-8859-2", Writing::latin}}};

bool is_high(char byte) {
    return static_cast<unsigned char>(byte) >= 0x80;
}

// From the first byte on that is not ASCII: what is before it tells nothing.
std::string sample_of(const InputFile& file) {
    std::string sample;
    Blocks blocks(file);
    for (std::string block; sample.size() < sample_bytes && blocks.next(block);) {
        const auto first = sample.empty() ? std::ranges::find_if(block, is_high) : block.begin();
        sample.append(first, block.end());
    }
    sample.resize(std::min(sample.size(), sample_bytes));
    return sample;
}

// Of the letters of a western language only a few are not ASCII.
bool is_mostly_high(std::string_view sample) {
    const auto high = std::ranges::count_if(sample, is_high);
    const auto ascii = std::ranges::count_if(
        sample, [](char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); });
    return high > ascii;
}

int least_confidence(Writing writing) {
    return writing == Writing::foreign ? 30 : 50;  // of 100; ICU says 10 when it merely could be
}

}  // namespace

std::string guessed_encoding(const InputFile& file) {
    const std::string sample = sample_of(file);
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&error),
                                                                              ucsdet_close);
    ucsdet_setText(detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &error);
    const UCharsetMatch* match = ucsdet_detect(detector.get(), &error);
    if (U_FAILURE(error) || match == nullptr) return usual;
    const std::string_view name = ucsdet_getName(match, &error);
    const int confidence = ucsdet_getConfidence(match, &error);
    const auto known = std::ranges::find(all_known, name, &Known::detected);
    if (U_FAILURE(error) || known == all_known.end()) return usual;
    if (confidence < least_confidence(known->writing)) return usual;
    const bool fits = known->writing != Writing::foreign || is_mostly_high(sample);
    return fits ? known->encoding : usual;
}

}  // namespace assistd::extract
