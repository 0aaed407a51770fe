// The kinds of documents, and what comes of files that are none.

#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

#include "base/logging.h"
#include "extraction_fixture.h"

namespace assistd::knowledge {
namespace {

using Headings = std::vector<std::string>;

std::string utf16(const std::string& ascii, bool marked) {
    std::string bytes = marked ? "\xFF\xFE" : "";
    for (const char c : ascii) bytes += c, bytes += '\0';
    return bytes;
}

TEST_F(ExtractionTest, PlainTextInItsEncodings) {
    EXPECT_EQ(text("a.txt", "Grüße 🙂\r\nzwei  \n\n\n\ndrei\f\x01\n"), "Grüße 🙂\nzwei\n\ndrei");
    EXPECT_EQ(text("a.txt",
                   "\xEF\xBB\xBF"
                   "Grüße"),
              "Grüße");
    EXPECT_EQ(text("a.txt",
                   "Gr\xFC\xDF"
                   "e \x80"),
              "Grüße €");
    EXPECT_EQ(text("a.txt", utf16("Hello you", true)), "Hello you");
    EXPECT_EQ(text("a.txt", utf16("Hello you there", false)), "Hello you there");
    EXPECT_EQ(text("a.txt", "soft\u00ADhyphen\u200B and\u00A0space"), "softhyphen and space");
    std::string umlauts;
    for (int i = 0; i < 1'000; ++i) umlauts += "äöü ";
    EXPECT_EQ(text("a.txt", umlauts + "\xC3"), umlauts + "\uFFFD");  // cut off in a character
    EXPECT_EQ(text("main.py", "print('hi')\n    more"), "print('hi')\n    more");
}

// As programs of their time have written them; iconv is not asked, so that it is not compared with itself.
TEST_F(ExtractionTest, PlainTextInEncodingsThatDoNotSaySo) {
    EXPECT_EQ(text("ja.txt",
                   "\x8C\xE1\x94\x79\x82\xCD\x94\x4C\x82\xC5\x82\xA0\x82\xE9\x81\x42\x96\xBC\x91\x4F"
                   "\x82\xCD\x82\xDC\x82\xBE\x96\xB3\x82\xA2\x81\x42"),
              "吾輩は猫である。名前はまだ無い。");
    EXPECT_EQ(text("zh.txt",
                   "\xB1\xB1\xBE\xA9\xCA\xC7\xD6\xD0\xBB\xAA\xC8\xCB\xC3\xF1\xB9\xB2\xBA\xCD\xB9\xFA"
                   "\xB5\xC4\xCA\xD7\xB6\xBC"),
              "北京是中华人民共和国的首都");
    EXPECT_EQ(text("ko.txt",
                   "\xB4\xEB\xC7\xD1\xB9\xCE\xB1\xB9\xC0\xC7 \xBC\xF6\xB5\xB5\xB4\xC2 "
                   "\xBC\xAD\xBF\xEF\xC0\xCC\xB4\xD9."),
              "대한민국의 수도는 서울이다.");
    EXPECT_EQ(text("ru.txt", "\xCF\xEE\xF0\xE8\xF1\xF2\xEE\xF1\xF2\xFC \xEA\xEB\xE0\xF1\xF2\xE5\xF0\xEE\xE2"),
              "Пористость кластеров");
    EXPECT_EQ(text("fr.txt",
                   "\xC9l\xE8ve \xE0 l\x92\xE9"
                   "cole: o\xF9 \xE9tait-il n\xE9?"),
              "Élève à l’école: où était-il né?");
    EXPECT_EQ(text("es.txt",
                   "A\xF1o: ni\xF1o, se\xF1or, ma\xF1"
                   "ana"),
              "Año: niño, señor, mañana");
}

TEST_F(ExtractionTest, LongTextComesWholeAndInOrder) {
    std::string all;
    for (int i = 0; i < 200'000; ++i) all += "Zeile " + std::to_string(i) + " äöü語🙂\n";
    all.pop_back();
    EXPECT_TRUE(text("a.txt", all) == all);
    EXPECT_TRUE(text("a.md", all) == all);
}

TEST_F(ExtractionTest, MarkdownHasItsHeadings) {
    const Document read =
        document("a.md", "Intro\n\n# One #\ntext\n```\n# none\n```\nTwo\n===\nmore\n\n### Sub\nx\n#none");
    ASSERT_EQ(read.sections.size(), 4u);
    EXPECT_EQ(read.sections[0].headings, Headings{});
    EXPECT_EQ(read.sections[1].headings, Headings{"One"});
    EXPECT_EQ(read.sections[2].headings, Headings{"Two"});
    EXPECT_EQ(read.sections[3].headings, (Headings{"Two", "Sub"}));
    EXPECT_EQ(read.text.substr(read.sections[3].start), "### Sub\nx\n#none");
}

TEST_F(ExtractionTest, CsvRowsNameTheirColumns) {
    EXPECT_EQ(text("a.csv", "name,born,city\r\nAda,1815,\"London, \"\"UK\"\"\"\r\nKonrad,,Berlin\r\n"),
              "Columns: name; born; city\n\nname: Ada; born: 1815; city: London, \"UK\"\nname: Konrad; city: "
              "Berlin");
    EXPECT_EQ(text("a.csv", "1;2\n3;4,5\n"), "column 1: 1; column 2: 2\ncolumn 1: 3; column 2: 4,5");
    EXPECT_EQ(text("a.tsv", "a\tb\nx\ty\tz"), "Columns: a; b\n\na: x; b: y; column 3: z");
    EXPECT_EQ(refusal("a.csv", "a,b\n\"never closed,2\n"),
              "invalid_file: \"a.csv\" is no whole csv file: a quotation mark is never closed.");
}

TEST_F(ExtractionTest, JsonValuesHaveTheirWay) {
    EXPECT_EQ(
        text("a.json", R"({"people":[{"name":"Ada","tags":["x",null,true]},{"name":"Kö"}],"n":1.50})"),
        "people[0].name: Ada\npeople[0].tags[0]: x\npeople[0].tags[1]: null\npeople[0].tags[2]: true\n\n"
        "people[1].name: Kö\n\nn: 1.50");
    EXPECT_EQ(text("a.json", "\"only\""), "only");
    EXPECT_EQ(refusal("a.json", "{\"a\": [1, 2"),
              "invalid_file: \"a.json\" is no JSON: it cannot be read from character 12 on.");
    EXPECT_EQ(refusal("a.json", std::string(100'000, '[')),
              "invalid_file: \"a.json\" is nested deeper than the 500 levels that are read.");
}

TEST_F(ExtractionTest, JsonInLinesIsAListOfThem) {
    const std::string records = "[0].name: Ada\n\n[1].name: Kö\n[1].tags[0]: x\n\n[2]: 3";
    EXPECT_EQ(text("a.json", "{\"name\": \"Ada\"}\n\n{\"name\": \"Kö\", \"tags\": [\"x\"]}\n3\n"), records);
    EXPECT_EQ(text("a.jsonl", "{\"name\": \"Ada\"}\r\n{\"name\": \"Kö\", \"tags\": [\"x\"]}\r\n3"), records);
    EXPECT_EQ(text("a.json", "{\"name\": \"Ada\"}\n\n"), "name: Ada");
    EXPECT_EQ(refusal("a.json", "{\"a\": 1}\n{\"a\": \n"),
              "invalid_file: \"a.json\" is no JSON: it cannot be read from character 8 of line 2 on.");
    EXPECT_EQ(refusal("a.json", "{\"a\": 1}\n\"" + std::string(2u << 20, 'x') + "\"\n"),
              "invalid_file: \"a.json\" is JSON in lines, of which line 2 is longer than the 1 MiB that one "
              "may have.");
}

TEST_F(ExtractionTest, HtmlIsWhatABrowserShows) {
    const Document read = document(
        "a.html",
        "<!-- x --><!DOCTYPE html><html><head><title>Soot &amp; ash</title><style>p{}</style></head><body>"
        "<h1>The <b>furnace</b></h1><p>It  runs\nat <i>1800</i>&nbsp;K.<script>alert('no')</script></p>"
        "<h2>Growth</h2><ul><li>one<li>two</ul><table><tr><th>r<th>12</table><pre>a\n  "
        "b</pre></body></html>");
    EXPECT_EQ(
        read.text,
        "Soot & ash\n\nThe furnace\n\nIt runs at 1800 K.\n\nGrowth\n\n- one\n- two\n\nr | 12\n\na\n  b");
    EXPECT_EQ(read.sections.back().headings, (Headings{"The furnace", "Growth"}));
    EXPECT_EQ(text("saved.txt", "<html><body>seen</body></html>"), "seen");
    EXPECT_EQ(text("a.html", "<html><meta charset=koi8-r><p>\xD0\xD2\xC9\xD7\xC5\xD4</html>"), "привет");
    std::string deep = "<html>";
    for (int i = 0; i < 100'000; ++i) deep += "<div>";
    EXPECT_EQ(text("a.html", deep + "bottom"), "bottom");
}

TEST_F(ExtractionTest, DocxHasItsHeadingsListsTablesAndNotes) {
    const std::string styles =
        "<w:styles xmlns:w='w'><w:style w:styleId='berschrift1'><w:name w:val='heading 1'/></w:style>"
        "<w:style w:styleId='Eigene'><w:name w:val='Eigene'/><w:pPr><w:outlineLvl "
        "w:val='1'/></w:pPr></w:style></w:styles>";
    const auto p = [](const std::string& inside) { return "<w:p>" + inside + "</w:p>"; };
    const auto t = [](const std::string& words) { return "<w:r><w:t>" + words + "</w:t></w:r>"; };
    const std::string body =
        p("<w:pPr><w:pStyle w:val='berschrift1'/></w:pPr>" + t("Der ") + t("Ofen")) +
        p(t("heiß &amp; groß") + "<w:del><w:r><w:delText>weg</w:delText></w:r></w:del>") +
        p("<w:pPr><w:pStyle w:val='Eigene'/></w:pPr>" + t("Teil")) +
        p("<w:pPr><w:numPr/></w:pPr>" + t("eins")) + p("<w:pPr><w:numPr/></w:pPr>" + t("zwei")) +
        "<w:tbl><w:tr><w:tc>" + p(t("r")) + "</w:tc><w:tc>" + p(t("12")) + p(t("nm")) +
        "</w:tc></w:tr></w:tbl>";
    const Document read = document(
        "a.docx",
        test::docx_of(body, {{"word/styles.xml", styles},
                             {"word/footnotes.xml", "<w:footnotes xmlns:w='w'><w:footnote>" +
                                                        p(t("Fußnote")) + "</w:footnote></w:footnotes>"}}));
    EXPECT_EQ(read.text, "Der Ofen\n\nheiß & groß\n\nTeil\n\n- eins\n- zwei\n\nr | 12 nm\n\nFußnote");
    ASSERT_EQ(read.sections.size(), 3u);
    EXPECT_EQ(read.sections[1].headings, (Headings{"Der Ofen", "Teil"}));
    EXPECT_EQ(read.sections[2].headings, (Headings{"Footnotes"}));
}

TEST_F(ExtractionTest, RtfHasItsCodePagesAndSkipsWhatIsNoText) {
    const Document read = document(
        "a.rtf",
        "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Times;}{\\f1\\fcharset204 Arial;}}{\\stylesheet{\\s1 "
        "heading 1;}}"
        "{\\*\\generator X;}{\\info{\\title no}}{\\header no}\\pard\\s1 Title\\par\\pard Gr\\'fc\\'dfe "
        "\\f1\\'ef\\f0 "
        "\\u8364?\\u-10179?\\u-8640? {\\v hidden}{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt link}}\\par"
        "\\trowd\\intbl r\\cell 12\\cell\\row{\\pict\\bin5 }{}{{}end}}");
    EXPECT_EQ(read.text, "Title\n\nGrüße п€🙀 link\n\nr | 12\n\nend");
    EXPECT_EQ(read.sections.back().headings, Headings{"Title"});
    EXPECT_EQ(
        refusal("a.rtf", "{\\rtf1 never closed"),
        "invalid_file: \"a.rtf\" is damaged: it ends in the middle; perhaps its upload was not complete.");
    EXPECT_EQ(refusal("a.rtf", "{\\rtf1 " + std::string(100'000, '{')),
              "invalid_file: \"a.rtf\" is nested deeper than any RTF is.");
}

TEST_F(ExtractionTest, WhatIsNoDocumentIsRefusedByWhatItIs) {
    EXPECT_EQ(refusal("a.txt", ""), "invalid_file: \"a.txt\" is empty.");
    EXPECT_EQ(refusal("a.txt", " \n\t "), "invalid_file: \"a.txt\" has no text in it.");
    EXPECT_EQ(refusal("a.txt", std::string("ab\0cd", 5)),
              "invalid_file: \"a.txt\" is not text: it holds binary data.");
    EXPECT_EQ(
        refusal("a.pdf", "<p>404"),
        "invalid_file: \"a.pdf\" is no PDF, whatever its name says; perhaps its download was not complete.");
    EXPECT_EQ(refusal("plot.png", "\x89PNG\r\n\x1A\n"),
              "unsupported_file: \"plot.png\" is a picture; only text is read, so upload what it says as "
              "text or PDF.");
    EXPECT_EQ(refusal("a.txt", test::bytes_of("/usr/bin/env")), "unsupported_file: \"a.txt\" is a program.");
    EXPECT_EQ(refusal("a.zip", test::zip_of({{"a.txt", "x"}})),
              "unsupported_file: \"a.zip\" is an archive; unpack it and upload the documents in it.");
    EXPECT_EQ(
        refusal("report.xlsx",
                test::zip_of({{"[Content_Types].xml",
                               "<Types><Override PartName='/xl/workbook.xml' ContentType="
                               "'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/"
                               "></Types>"}})),
        "unsupported_file: \"report.xlsx\" is a spreadsheet; save it as csv and upload that.");
    EXPECT_EQ(refusal("a\"\n.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
              "unsupported_file: \"a\" .doc\" is an old Word document (.doc) or another old Office file; "
              "save it as "
              "docx and upload that.");
}

TEST_F(ExtractionTest, DamagedAndHostileDocxIsRefused) {
    const std::string good = test::docx_of("<w:p><w:r><w:t>text</w:t></w:r></w:p>");
    EXPECT_EQ(text("a.docx", good), "text");
    EXPECT_EQ(refusal("a.docx", test::zip_of({{"[Content_Types].xml", "<Types/>"}}, "secret")),
              "invalid_file: \"a.docx\" is protected by a password; upload it without one.");
    const std::string bomb =
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><x>&b;</x>";
    EXPECT_EQ(
        refusal("a.docx", test::docx_of("", {{"word/document.xml", bomb}})),
        "invalid_file: \"a.docx\" is no Word document as programs write it: its XML has a document type.");
    EXPECT_EQ(refusal("a.docx", test::docx_of("<w:p>")),
              "invalid_file: \"a.docx\" is damaged: the XML in it cannot be read, or is nested too deeply.");
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "<a>";
    EXPECT_EQ(refusal("a.docx", test::docx_of(deep)),
              "invalid_file: \"a.docx\" is damaged: the XML in it cannot be read, or is nested too deeply.");
    const std::string much = "<w:p><w:r><w:t>" + std::string(70u << 20, 'x') + "</w:t></w:r></w:p>";
    EXPECT_EQ(
        refusal("bomb.docx", test::docx_of(much)),
        "invalid_file: \"bomb.docx\" has more text than the 64 MiB that one document may have; split it into "
        "several files.");
}

// What is logged while this is there.
class Logged {
  public:
    Logged() { sinks().push_back(sink_); }
    ~Logged() { sinks().pop_back(); }
    std::string text() const { return out_.str(); }

  private:
    static std::vector<spdlog::sink_ptr>& sinks() { return spdlog::default_logger()->sinks(); }

    std::ostringstream out_;
    spdlog::sink_ptr sink_ = std::make_shared<spdlog::sinks::ostream_sink_mt>(out_);
};

// This kernel may have every protection: a program stands in that says what assistd-extract says elsewhere.
TEST_F(ExtractionTest, MissingProtectionsAreLoggedOnce) {
    const auto program = folder_.path() / "extract";
    test::write_file(program,
                     "#!/bin/sh\n"
                     "echo '{\"unprotected\": \"The kernel has no Landlock.\"}'\n"
                     "echo '{\"headings\": [], \"text\": \"hello\"}'\n"
                     "echo '{\"done\": true}'\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    ExtractionOptions with = options();
    with.binary = program;
    Extractor extractor(io_.io, with);
    const UniqueFd file(::open(program.c_str(), O_RDONLY | O_CLOEXEC));
    const Logged logged;
    for (int i = 0; i < 2; ++i) EXPECT_EQ(told(io_.run(extractor.extract(file.get(), "a.txt", {}))), "hello");
    const std::string text = logged.text();
    const std::string sentence =
        "less protection than there should be reason=\"The kernel has no Landlock.\"";
    EXPECT_THAT(text, testing::HasSubstr(sentence));
    EXPECT_EQ(text.find(sentence), text.rfind(sentence));
}

}  // namespace
}  // namespace assistd::knowledge
