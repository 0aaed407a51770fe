#include "api/web/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "http/gzip.h"
#include "support/temp_folder.h"
#include "unit/http/support.h"

namespace assistd::api::web {
namespace {

using http::test::Answer;
using http::test::Client;
using http::test::TestServer;
using testing::HasSubstr;

class PageTest : public testing::Test {
  protected:
    void put(const std::string& name, const std::string& content) {
        std::filesystem::create_directories((folder_.path() / name).parent_path());
        std::ofstream(folder_.path() / name, std::ios::binary) << content;
    }
    void serve() {
        page_.emplace(folder_.path());
        http::Router router;
        page_->add_routes(router);
        server_.emplace(std::move(router));
    }
    Answer get(const std::string& path, const std::string& headers = "") {
        return Client(server_->port())
            .ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
    }

    assistd::test::TempFolder folder_;
    std::optional<Page> page_;
    std::optional<TestServer> server_;
};

TEST_F(PageTest, EveryPathOfThePageIsTheSameDocument) {
    put("index.html", "<!doctype html>");
    serve();
    for (const char* path : {"/", "/c/conv_1", "/documents", "/admin/plugins", "/artifacts/plot-1"}) {
        const Answer answer = get(path);
        EXPECT_EQ(answer.status, 200) << path;
        EXPECT_EQ(answer.body, "<!doctype html>") << path;
        EXPECT_EQ(answer.header("Cache-Control"), "no-cache");
        EXPECT_EQ(answer.header("Content-Type"), "text/html; charset=utf-8");
    }
}

TEST_F(PageTest, WhereNothingIsPeopleGetThePageAndProgramsTheError) {
    put("index.html", "<!doctype html>");
    serve();
    const Answer person = get("/other", "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n");
    EXPECT_EQ(person.status, 404);
    EXPECT_EQ(person.body, "<!doctype html>");
    EXPECT_THAT(person.header("Content-Security-Policy"), HasSubstr("default-src 'none'"));
    for (const char* accept : {"", "Accept: */*\r\n", "Accept: application/json\r\n"}) {
        const Answer program = get("/other", accept);
        EXPECT_EQ(program.status, 404);
        EXPECT_THAT(program.body, HasSubstr("There is nothing at"));
    }
    const Answer posted = Client(server_->port())
                              .ask(
                                  "POST /other HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n"
                                  "Content-Length: 0\r\n\r\n");
    EXPECT_THAT(posted.body, HasSubstr("There is nothing at"));
}

TEST_F(PageTest, WhatBrowsersAndRobotsAskForUnasked) {
    put("index.html", "<!doctype html>");
    put("icon.svg", "<svg/>");
    put("robots.txt", "User-agent: *\n");
    serve();
    EXPECT_EQ(get("/favicon.ico").header("Content-Type"), "image/svg+xml");
    EXPECT_EQ(get("/favicon.ico").body, "<svg/>");
    EXPECT_EQ(get("/robots.txt").body, "User-agent: *\n");
}

TEST_F(PageTest, TheDescriptionHasAPageOfItsOwn) {
    put("index.html", "the chat");
    put("docs.html", "the description");
    serve();
    EXPECT_EQ(get("/docs").body, "the description");
    EXPECT_EQ(get("/docs").header("Cache-Control"), "no-cache");
    EXPECT_EQ(get("/").body, "the chat");
}

TEST_F(PageTest, NothingButItsOwnFilesMayRun) {
    put("index.html", "<!doctype html>");
    put("docs.html", "<!doctype html>");
    put("assets/page-1.js", "0");
    serve();
    for (const char* path : {"/", "/docs", "/assets/page-1.js"}) {
        const std::string policy = get(path).header("Content-Security-Policy");
        EXPECT_THAT(policy, HasSubstr("default-src 'none'; script-src 'self'; style-src 'self';"));
        EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
        EXPECT_THAT(policy, testing::Not(HasSubstr("unsafe")));
    }
}

TEST_F(PageTest, AssetsAreKeptForEverAndSentCompressed) {
    put("index.html", "<!doctype html>");
    const std::string script(5000, ';');
    const std::string packed = *http::gzip(script);
    put("assets/page-1.js", script);
    put("assets/page-1.js.gz", packed);
    serve();
    const Answer plain = get("/assets/page-1.js");
    EXPECT_EQ(plain.body, script);
    EXPECT_EQ(plain.header("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(plain.header("Content-Type"), "text/javascript; charset=utf-8");
    const Answer small = get("/assets/page-1.js", "Accept-Encoding: br, gzip\r\n");
    EXPECT_EQ(small.body, packed);
    EXPECT_EQ(small.header("Content-Encoding"), "gzip");
    EXPECT_EQ(small.header("Vary"), "Accept-Encoding");
    for (const Answer& known : {plain, small})
        EXPECT_EQ(get("/assets/page-1.js", "If-None-Match: " + known.header("ETag") + "\r\n").status, 304);
    EXPECT_EQ(get("/assets/page-1.js", "If-None-Match: \"other\"\r\n").status, 200);
    EXPECT_EQ(get("/assets/page-1.js.gz").status, 404);
    EXPECT_EQ(get("/assets/%2e%2e%2findex.html").status, 404);
}

TEST_F(PageTest, WithoutItsFilesItSaysSo) {
    serve();
    const Answer answer = get("/");
    EXPECT_EQ(answer.status, 404);
    EXPECT_THAT(answer.body, HasSubstr("built without its chat page"));
}

}  // namespace
}  // namespace assistd::api::web
