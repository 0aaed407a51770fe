// Forms taken apart: what clients send, however it is cut, and what is no form.

#include "http/multipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/error.h"

namespace assistd::http::test {
namespace {

constexpr const char* type = "multipart/form-data; boundary=AaB";

struct Part {
    std::string name;
    std::string filename;  // "-": none
    std::string content_type;
    std::string content;
    auto operator<=>(const Part&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Part& part) {
    return out << '(' << part.name << '|' << part.filename << '|' << part.content_type << '|' << part.content
               << ')';
}

// Feeds the body in pieces of these sizes, the last one for all that is left.
std::vector<Part> decode(std::string_view body, std::vector<std::size_t> pieces = {},
                         std::string_view content_type = type) {
    MultipartDecoder decoder(content_type);
    std::vector<Part> parts;
    bool open = false;
    const auto read = [&](std::string_view bytes) {
        decoder.add(bytes);
        for (;;) switch (decoder.next()) {
                case MultipartDecoder::Event::more:
                    return;
                case MultipartDecoder::Event::part: {
                    EXPECT_FALSE(std::exchange(open, true));
                    const PartHead& head = decoder.part();
                    parts.push_back({head.name, head.filename.value_or("-"), head.content_type, ""});
                    break;
                }
                case MultipartDecoder::Event::data:
                    EXPECT_TRUE(open && !decoder.data().empty());
                    parts.back().content += decoder.data();
                    break;
                case MultipartDecoder::Event::part_end:
                    EXPECT_TRUE(std::exchange(open, false));
                    break;
            }
    };
    for (const std::size_t size : pieces) {
        read(body.substr(0, size));
        body.remove_prefix(std::min(size, body.size()));
    }
    read(body);
    if (!decoder.complete()) parts.push_back({"unfinished", "-", "", ""});
    return parts;
}

std::string refusal_of(std::string_view body, std::string_view content_type = type) {
    try {
        for (const Part& part : decode(body, {}, content_type))
            if (part.name == "unfinished") return "unfinished";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_request);
        return error.what();
    }
    return "";
}

std::string field(const std::string& name, const std::string& content) {
    return "--AaB\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n";
}

// Everything at once that may lie about where a part ends.
const std::string traps =
    "a preamble\r\n--AaC\r\n"
    "--AaB\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n"
    "--AaB  \t\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b.txt\"\r\n"
    "Content-Type: text/plain\r\n\r\n"
    "\r\n\r\n--Aa\r\n--AaBc\r\n--AaB-\r\n --AaB\r\n--AaB \t x\n--AaB--\r--AaB--\r\r\n\r\n"
    "\r\n--AaB\r\ncontent-disposition:form-data;name=empty\r\n\r\n"
    "\r\n--AaB\r\nContent-Disposition: form-data; name=\"nothing\"\r\n\r\n"
    "--AaB--\r\nan epilogue\r\n--AaB\r\nContent-Disposition: form-data; name=\"late\"\r\n\r\n";

const std::vector<Part> in_traps = {
    {"purpose", "-", "", "assistants"},
    {"file", "a\"b.txt", "text/plain",
     "\r\n\r\n--Aa\r\n--AaBc\r\n--AaB-\r\n --AaB\r\n--AaB \t x\n--AaB--\r--AaB--\r\r\n\r\n"},
    {"empty", "-", "", ""},
    {"nothing", "-", "", ""},
};

TEST(Multipart, TellsPartsFromWhatLooksLikeTheirEnds) {
    EXPECT_EQ(decode(traps), in_traps);
}

TEST(Multipart, IsTheSameHoweverItIsCut) {
    for (std::size_t first = 0; first <= traps.size(); ++first)
        for (std::size_t second = 0; second <= 30; ++second)
            ASSERT_EQ(decode(traps, {first, second}), in_traps) << first << " and " << second;
    ASSERT_EQ(decode(traps, std::vector<std::size_t>(traps.size(), 1)), in_traps);
}

// Whatever the content, what was put in comes out.
TEST(Multipart, GivesBackAnyContentInPiecesOfAnySize) {
    std::mt19937 random(20240611);
    const std::string_view alphabet = "\r\n--AaB-x";
    for (int round = 0; round < 3000; ++round) {
        std::string body;
        std::vector<Part> sent;
        for (std::size_t part = 0; part <= random() % 4; ++part) {
            std::string content;
            for (std::size_t i = random() % 60; i > 0; --i) content += alphabet[random() % alphabet.size()];
            // A client picks a boundary that its content does not have, neither after a line end nor at once.
            if (content.starts_with("--AaB") || content.find("\r\n--AaB") != std::string::npos) continue;
            sent.push_back({"f" + std::to_string(part), "-", "", content});
            body += field(sent.back().name, content);
        }
        body += "--AaB--";
        std::vector<std::size_t> pieces;
        for (std::size_t i = random() % 40; i > 0; --i) pieces.push_back(random() % 9);
        ASSERT_EQ(decode(body, pieces), sent) << body;
    }
}

TEST(Multipart, SurvivesRandomBytes) {
    std::mt19937 random(7);
    for (int round = 0; round < 4000; ++round) {
        std::string body = traps;
        for (std::size_t changes = random() % 12; changes > 0; --changes) {
            const std::size_t at = random() % body.size();
            switch (random() % 3) {
                case 0:
                    body[at] = static_cast<char>(random());
                    break;
                case 1:
                    body.erase(at, random() % 20);
                    break;
                default:
                    body.insert(at, traps.substr(random() % traps.size(), random() % 40));
            }
            if (body.empty()) body = "-";
        }
        // The same end, and the same refusal, at once and cut.
        const auto outcome = [&](std::vector<std::size_t> pieces) {
            try {
                return decode(body, std::move(pieces));
            } catch (const Error& error) {
                return std::vector<Part>{{"refused", "-", "", error.what()}};
            }
        };
        ASSERT_EQ(outcome({}), outcome(std::vector<std::size_t>(body.size(), 1 + random() % 3))) << body;
    }
}

TEST(Multipart, TakesNamesAsClientsWriteThem) {
    const auto name_in = [](const std::string& disposition) {
        const auto parts =
            decode("--AaB\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\nx\r\n--AaB--");
        return parts.size() == 1 ? parts[0].filename : "?";
    };
    EXPECT_EQ(name_in("name=\"file\"; filename=\"größe 测试.txt\""), "größe 测试.txt");
    EXPECT_EQ(name_in("name=\"file\"; filename=\"a%22b%0D%0a%25%41.txt\""), "a\"b\r\n%25%41.txt");
    EXPECT_EQ(name_in("name=\"file\"; filename=\"a\\\"b\\\\c.txt\""), "a\"b\\c.txt");
    EXPECT_EQ(name_in("name=\"file\"; filename=\"C:\\papers\\soot.pdf\""), "C:\\papers\\soot.pdf");
    EXPECT_EQ(name_in("name=\"file\"; filename=a b.txt"), "a b.txt");
    EXPECT_EQ(name_in("name=\"file\"; filename=\"a;b.txt\"; x=y;"), "a;b.txt");
    EXPECT_EQ(name_in("name=\"file\"; filename=\"x\"; filename*=UTF-8''na%C3%AFve%20(1).txt"),
              "naïve (1).txt");
    EXPECT_EQ(name_in("name=\"file\"; filename*=utf-8'en'%e2%82%ac"), "€");
    EXPECT_EQ(name_in("name=\"file\"; filename=\"x\"; filename*=UTF-8''%FF"), "x");
    EXPECT_EQ(name_in("filename=\"\"; name=file"), "");
    EXPECT_EQ(name_in("name=\"file\""), "-");
    EXPECT_EQ(name_in("NAME=\"file\"; FileName=\"x\""), "x");
}

TEST(Multipart, TakesTheBoundaryAsClientsWriteIt) {
    const auto works = [](const std::string& boundary, const std::string& content_type) {
        const std::string body = "--" + boundary +
                                 "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--" + boundary +
                                 "--\r\n";
        return decode(body, {}, content_type) == std::vector<Part>{{"a", "-", "", "x"}};
    };
    EXPECT_TRUE(works("form-data-boundary-zq3v", "multipart/form-data; boundary=form-data-boundary-zq3v"));
    EXPECT_TRUE(works("----formdata-undici-012345678901",
                      "multipart/form-data; boundary=----formdata-undici-012345678901"));
    EXPECT_TRUE(works("a b:c=d?", "Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c=d?\""));
    EXPECT_TRUE(works(std::string(70, 'x'), "multipart/form-data;boundary=" + std::string(70, 'x')));
    for (const std::string wrong :
         {"", "application/json", "multipart/mixed; boundary=a", "multipart/form-data",
          "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
          "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=a; boundary=b",
          "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a\x01\"",
          "multipart/form-data boundary=a"})
        EXPECT_NE(refusal_of("--a--", wrong), "") << wrong;
    EXPECT_NE(refusal_of("--a--", "multipart/form-data; boundary=" + std::string(71, 'x')), "");
}

TEST(Multipart, WithoutPartsIsEmpty) {
    EXPECT_THAT(decode("--AaB--"), testing::IsEmpty());
    EXPECT_THAT(decode("\r\n--AaB--\r\n"), testing::IsEmpty());
}

TEST(Multipart, WithoutAnEndIsUnfinished) {
    const std::string whole = field("a", "x");
    for (const std::string& body : {std::string(), std::string("x"), whole, whole + "--AaB", whole + "--AaB-",
                                    whole + "--AaB\r\n", field("a", "x\n--AaB--\n")})
        EXPECT_EQ(refusal_of(body), "unfinished") << body;
}

TEST(Multipart, RefusesWhatIsNoForm) {
    const auto head = [](const std::string& lines) {
        return "--AaB\r\n" + lines + "\r\n\r\nx\r\n--AaB--\r\n";
    };
    const std::string good = "Content-Disposition: form-data; name=\"a\"";
    EXPECT_EQ(refusal_of(head(good)), "");
    EXPECT_EQ(refusal_of(head(good + "\r\nContent-Transfer-Encoding: 8bit\r\nX-Other: y")), "");
    using testing::HasSubstr;
    EXPECT_THAT(refusal_of("--AaB\r\n\r\nx\r\n--AaB--"), HasSubstr("has no name"));
    EXPECT_THAT(refusal_of(head("Content-Type: text/plain")), HasSubstr("has no name"));
    EXPECT_THAT(refusal_of(head("Content-Disposition: attachment; name=\"a\"")), HasSubstr("form-data"));
    EXPECT_THAT(refusal_of(head("Content-Disposition: form-data; filename=\"a\"")), HasSubstr("form-data"));
    EXPECT_THAT(refusal_of(head("Content-Disposition: form-data; name=\"\"")), HasSubstr("form-data"));
    EXPECT_THAT(refusal_of(head("Content-Disposition: form-data; name=\"a\"; name=\"b\"")),
                HasSubstr("form-data"));
    EXPECT_THAT(refusal_of(head("Content-Disposition: form-data; name=\"a")), HasSubstr("form-data"));
    EXPECT_THAT(refusal_of(head(good + "\r\n" + good)), HasSubstr("twice"));
    EXPECT_THAT(refusal_of(head(good + "\r\nContent-Type: Multipart/mixed; boundary=b")),
                HasSubstr("multipart itself"));
    EXPECT_THAT(refusal_of(head(good + "\r\nContent-Transfer-Encoding: base64")), HasSubstr("as they are"));
    EXPECT_THAT(refusal_of(head(good + "\r\n folded")), HasSubstr("no header"));
    EXPECT_THAT(refusal_of(head(good + "\nContent-Type: text/plain")), HasSubstr("no header"));
    EXPECT_THAT(refusal_of(head(good + "\r\nX: " + std::string(1, '\0'))), HasSubstr("no header"));
    EXPECT_THAT(refusal_of("--AaB\r\n" + std::string(9000, 'x')), HasSubstr("longer than 8192"));
    EXPECT_THAT(refusal_of(head(good + "\r\nX: " + std::string(9000, 'x'))), HasSubstr("longer than 8192"));
    std::string many;
    for (int i = 0; i < 64; ++i) many += field("f", "x");
    EXPECT_EQ(refusal_of(many + "--AaB--"), "");
    EXPECT_THAT(refusal_of(many + field("f", "x") + "--AaB--"), HasSubstr("more than 64 parts"));
}

}  // namespace
}  // namespace assistd::http::test
