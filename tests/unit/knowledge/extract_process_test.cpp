// Documents of real programs, and what the processes that read them may do and take.

#include <dirent.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "extraction_fixture.h"
#include "knowledge/extract_process.h"

namespace assistd::knowledge {
namespace {

using namespace std::chrono_literals;

constexpr const char* page =
    "<html><body><h1>Der Ofen</h1><p>Der Ofen läuft bei 1800 K.</p><h2>Growth</h2><ul><li>first</li></ul>"
    "<table><tr><td>radius</td><td>12 nm</td></tr></table><p "
    "style='page-break-before:always'>東京の天気。🙂</p></body></html>";

std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> found;
    for (const auto& task :
         std::filesystem::directory_iterator("/proc/" + std::to_string(parent) + "/task")) {
        std::ifstream file(task.path() / "children");
        for (pid_t pid = 0; file >> pid;) found.push_back(pid);
    }
    return found;
}

std::string status_line(pid_t pid, const std::string& label) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(label)) return line.substr(label.size());
    return "";
}

template <class Condition>
bool comes_true(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until) {
        if (condition()) return true;
        std::this_thread::yield();
    }
    return false;
}

class RealDocuments : public ExtractionTest {
  protected:
    std::filesystem::path make(const std::string& to) {
        const auto html = folder_.path() / "page.html";
        test::write_file(html, page);
        if (to.starts_with("pdf")) return test::converted(html, to);
        return test::converted(test::converted(html, "odt"), to);
    }
    // Whatever is left of a file, there is an answer.
    void expect_answers_when_cut(const std::filesystem::path& file) {
        const std::string bytes = test::bytes_of(file);
        constexpr std::size_t cuts = 40;
        for (std::size_t i = 1; i < cuts; ++i) {
            const std::string told =
                refusal("cut" + file.extension().string(), bytes.substr(0, bytes.size() * i / cuts));
            EXPECT_FALSE(told.starts_with("server_error")) << i << ": " << told;
        }
    }
};

TEST_F(RealDocuments, DocxOfLibreOffice) {
    const auto file = make("docx");
    const Document read = document("a.docx", test::bytes_of(file));
    EXPECT_EQ(read.text,
              "Der Ofen\n\nDer Ofen läuft bei 1800 K.\n\nGrowth\n\n- first\n\nradius | 12 "
              "nm\n\n東京の天気。🙂");
    EXPECT_EQ(read.sections.back().headings, (std::vector<std::string>{"Der Ofen", "Growth"}));
    expect_answers_when_cut(file);
}

TEST_F(RealDocuments, RtfOfLibreOffice) {
    const auto file = make("rtf");
    const Document read = document("a.rtf", test::bytes_of(file));
    EXPECT_EQ(read.text,
              "Der Ofen\n\nDer Ofen läuft bei 1800 K.\n\nGrowth\n\n•\tfirst\n\nradius | 12 "
              "nm\n\n東京の天気。🙂");
    EXPECT_EQ(read.sections.back().headings, (std::vector<std::string>{"Der Ofen", "Growth"}));
    expect_answers_when_cut(file);
}

TEST_F(RealDocuments, PdfOfLibreOffice) {
    const auto file = make("pdf");
    const Document read = document("a.pdf", test::bytes_of(file));
    EXPECT_NE(read.text.find("Der Ofen läuft bei 1800 K."), std::string::npos) << read.text;
    ASSERT_EQ(read.sections.size(), 2u);
    EXPECT_EQ(read.sections[0].page, 1);
    EXPECT_EQ(read.sections[1].page, 2);
    EXPECT_EQ(read.text.substr(read.sections[1].start, 6), "東京");
    EXPECT_EQ(text("named-wrongly.txt", test::bytes_of(file)), read.text);
    expect_answers_when_cut(file);
}

TEST_F(RealDocuments, PdfWithAPasswordOrWithoutText) {
    const auto file = make(
        "pdf:writer_pdf_Export:{\"EncryptFile\":{\"type\":\"boolean\",\"value\":\"true\"},"
        "\"DocumentOpenPassword\":{\"type\":\"string\",\"value\":\"secret\"}}");
    EXPECT_EQ(refusal("a.pdf", test::bytes_of(file)),
              "invalid_file: \"a.pdf\" is protected by a password; upload it without one.");
    EXPECT_EQ(refusal("a.pdf", "%PDF-1.4\nnothing"),
              "invalid_file: \"a.pdf\" is damaged: it cannot be opened as a PDF.");
    test::write_file(folder_.path() / "empty.html", "<html><body></body></html>");
    EXPECT_EQ(refusal("a.pdf", test::bytes_of(test::converted(folder_.path() / "empty.html", "pdf"))),
              "invalid_file: \"a.pdf\" has no text in it; if it is scanned, run text recognition (OCR) on it "
              "first.");
}

TEST_F(ExtractionTest, TakesNoMoreThanItMay) {
    const std::string long_text(20u << 20, 'x');
    test::write_file(folder_.path() / "long", long_text);
    ExtractionOptions with = options();
    with.text_bytes = 10u << 20;
    EXPECT_EQ(
        told(read_with(with, folder_.path() / "long", "a.txt")),
        "invalid_file: \"a.txt\" has more text than the 10 MiB that one document may have; split it into "
        "several files.");
    with = options();
    with.time_limit = 0s;
    EXPECT_EQ(
        told(read_with(with, folder_.path() / "long", "a.txt")),
        "invalid_file: \"a.txt\" takes longer to read than a document may; split it into several files.");
    with = options();
    with.binary = folder_.path() / "none";
    EXPECT_EQ(told(read_with(with, folder_.path() / "long", "a.txt")),
              "server_error: \"a.txt\" cannot be read now; try it again later.");
    with.binary = "/bin/true";
    EXPECT_EQ(told(read_with(with, folder_.path() / "long", "a.txt")),
              "server_error: \"a.txt\" cannot be read: the reader of documents broke on it.");
}

TEST_F(ExtractionTest, ManyAtOnceWaitForAPlaceAndSomeGiveUp) {
    test::write_file(folder_.path() / "a", std::string(4u << 20, 'x') + " end");
    const UniqueFd file(::open((folder_.path() / "a").c_str(), O_RDONLY | O_CLOEXEC));
    ExtractionOptions with = options();
    with.at_once = 2;
    Extractor extractor(io_.io, with);
    std::vector<std::stop_source> stops(24);
    std::vector<std::future<Extraction>> all;
    for (std::stop_source& stop : stops)
        all.push_back(io_.start(extractor.extract(file.get(), "a.txt", stop.get_token())));
    for (std::size_t i = 0; i < all.size(); i += 3) stops[i].request_stop();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i % 3 != 0) {
            EXPECT_TRUE(told(all[i].get()).ends_with(" end"));
            continue;
        }
        try {
            all[i].get();  // it may have been done already
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::cancelled);
        }
    }
    EXPECT_TRUE(told(io_.run(extractor.extract(file.get(), "a.txt", {}))).ends_with(" end"));
    EXPECT_TRUE(comes_true([] { return children_of(::getpid()).empty(); }));
}

// Nobody reads what it says, so it waits, and can be looked at.
TEST_F(RealDocuments, TheProcessHasNoRightsAndLeavesNothingBehind) {
    std::string long_page = "<html><body>";
    for (int i = 0; i < 3'000; ++i)
        long_page += "<p>Paragraph " + std::to_string(i) + " with some more words in it.</p>";
    test::write_file(folder_.path() / "long.html", long_page);
    const auto pdf = test::converted(folder_.path() / "long.html", "pdf");
    const UniqueFd file(::open(pdf.c_str(), O_RDONLY | O_CLOEXEC));
    auto make_process = [&]() -> Task<std::shared_ptr<ExtractProcess>> {
        co_return std::make_shared<ExtractProcess>(io_.io, options(), file.get(), "a.pdf");
    };
    const auto process = io_.run(make_process());
    ASSERT_EQ(children_of(::getpid()).size(), 1u);
    const pid_t reader = children_of(::getpid())[0];
    ASSERT_TRUE(comes_true([&] { return status_line(reader, "Seccomp:\t") == "2"; }));
    EXPECT_EQ(status_line(reader, "NoNewPrivs:\t"), "1");
    EXPECT_EQ(status_line(reader, "CapEff:\t"), "0000000000000000");
    ASSERT_TRUE(comes_true([&] { return !children_of(reader).empty(); }));
    const pid_t pdftotext = children_of(reader)[0];
    ASSERT_TRUE(comes_true([&] { return status_line(pdftotext, "Name:\t") == "pdftotext"; }));
    EXPECT_EQ(status_line(pdftotext, "Seccomp:\t"), "2");
    EXPECT_EQ(status_line(pdftotext, "NoNewPrivs:\t"), "1");
    EXPECT_EQ(::getpgid(pdftotext), reader);
    process->kill();
    io_.run(process->ended());
    const auto gone = [](pid_t pid) {
        const std::string state = status_line(pid, "State:\t");
        return state.empty() || state.starts_with('Z') || state.starts_with('X');
    };
    EXPECT_TRUE(comes_true([&] { return gone(reader) && gone(pdftotext); }));
}

}  // namespace
}  // namespace assistd::knowledge
