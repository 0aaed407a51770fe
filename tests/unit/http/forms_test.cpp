// Forms over a real connection: what a handler gets, in both codings and in pieces of any size, and what is
// refused before there is one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support.h"

namespace assistd::http::test {
namespace {

using testing::HasSubstr;

// "purpose=…;file=name|type|size|content", in the order sent.
Task<Reply> describe_form(Request request) {
    std::string text;
    for (const auto& [name, value] : request.form.fields) text += name + "=" + value + ";";
    if (const auto& file = request.form.file) {
        std::string content(static_cast<std::size_t>(file->size) + 1, '\0');
        const ssize_t got = ::read(file->content.get(), content.data(), content.size());
        content.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        struct stat status {};
        ::fstat(file->content.get(), &status);
        text += file->field + "=" + file->name + "|" + file->content_type + "|" + std::to_string(file->size) +
                "|" + content + (status.st_nlink == 0 && request.body.empty() ? "" : " badly kept");
    }
    co_return Reply::text(text, "text/plain");
}

Router router() {
    Router router = small_router();
    RouteOptions options;
    options.max_body = 4 << 20;
    options.form_file = "file";
    router.add(Method::post, "/forms", describe_form, options);
    return router;
}

std::string part(const std::string& disposition, const std::string& content, const std::string& more = "") {
    return "--AaB\r\nContent-Disposition: form-data; " + disposition + "\r\n" + more + "\r\n" + content +
           "\r\n";
}

const std::string type_header = "Content-Type: multipart/form-data; boundary=AaB\r\n";

std::string posted(const std::string& parts) {
    return request("POST", "/forms", type_header, parts + "--AaB--\r\n");
}

TEST(Forms, AreTheSameInEveryOrder) {
    TestServer server(router());
    Client client(server.port());
    const std::string purpose = part("name=\"purpose\"", "vision");
    const std::string file =
        part("name=\"file\"; filename=\"a.txt\"", "some\r\nbytes", "Content-Type: text/plain\r\n");
    const std::string seconds = part("name=\"expires_after[seconds]\"", "3600");
    const std::string described = "file=a.txt|text/plain|11|some\r\nbytes";
    EXPECT_EQ(client.ask(posted(purpose + file)).body, "purpose=vision;" + described);
    EXPECT_EQ(client.ask(posted(file + purpose + seconds)).body,
              "purpose=vision;expires_after[seconds]=3600;" + described);
    EXPECT_EQ(client.ask(posted(purpose)).body, "purpose=vision;");
    EXPECT_EQ(client.ask(posted("")).body, "");
    EXPECT_EQ(client.ask(posted(part("name=\"file\"; filename=\"\"", ""))).body, "file=||0|");
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Forms, ComeInChunksOfAnySize) {
    TestServer server(router());
    const std::string content(300'000, 'x');
    const std::string body =
        part("name=\"file\"; filename=\"a\"", content) + part("name=\"p\"", "v") + "--AaB--";
    Client client(server.port());
    for (const std::size_t size : {7u, 4096u, 100'000u}) {
        std::string coded;
        for (std::size_t at = 0; at < body.size(); at += size) {
            const std::string_view chunk = std::string_view(body).substr(at, size);
            char line[32];
            snprintf(line, sizeof line, "%zx\r\n", chunk.size());
            coded.append(line).append(chunk).append("\r\n");
        }
        const Answer answer =
            client.ask("POST /forms HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n" +
                       type_header + "\r\n" + coded + "0\r\n\r\n");
        EXPECT_EQ(answer.body, "p=v;file=a||300000|" + content);
    }
}

TEST(Forms, ThatAreWrongAreRefusedBeforeAHandlerSeesThem) {
    TestServer server(router());
    const auto refusal = [&](const std::string& bytes) {
        Client client(server.port());
        const Answer answer = client.ask(bytes);
        EXPECT_EQ(answer.status, 400) << bytes.substr(0, 300);
        return answer.body;
    };
    const std::string file = part("name=\"file\"; filename=\"a\"", "x");
    EXPECT_THAT(refusal(posted(file + file)), HasSubstr("\"file\\\" twice"));
    EXPECT_THAT(refusal(posted(file + part("name=\"file\"", "x"))), HasSubstr("\"file\\\" twice"));
    EXPECT_THAT(refusal(posted(part("name=\"purpose\"", "a") + part("name=\"purpose\"", "a"))),
                HasSubstr("{\"field\":\"purpose\""));
    EXPECT_THAT(refusal(posted(part("name=\"purpose\"; filename=\"a\"", "x"))), HasSubstr("must be a text"));
    EXPECT_THAT(refusal(posted(part("name=\"purpose\"", "\xff"))), HasSubstr("no UTF-8"));
    EXPECT_THAT(refusal(posted(part("name=\"" + std::string(201, 'n') + "\"", "x"))), HasSubstr("200 bytes"));
    EXPECT_THAT(refusal(posted(part("name=\"a\"", std::string(200'000, 'x')) +
                               part("name=\"b\"", std::string(70'000, 'x')))),
                HasSubstr("more than 262144 bytes"));
    EXPECT_THAT(refusal(request("POST", "/forms", type_header, file)), HasSubstr("has no end"));
    EXPECT_THAT(refusal(request("POST", "/forms", type_header)), HasSubstr("has no end"));
    EXPECT_THAT(refusal(request("POST", "/forms", {}, "{}")), HasSubstr("multipart/form-data"));
}

TEST(Forms, ThatAreTooLargeAreRefusedBeforeTheyAreRead) {
    TestServer server(router());
    Client client(server.port());
    const Answer answer =
        client.ask("POST /forms HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4194305\r\n" + type_header +
                   "\r\n--AaB\r\n");
    EXPECT_EQ(answer.status, 413);
    EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Forms, OfAClientThatLeavesLeaveNothingBehind) {
    TestServer server(router());
    ASSERT_TRUE(Client(server.port()).answers_another_request());
    ASSERT_TRUE(becomes_true([&] { return server.server().connections() == 0; }));
    // The first client's descriptor may still be open here, and is then counted.
    const auto before = open_descriptors();
    for (int i = 0; i < 50; ++i) {
        Client client(server.port());
        client.send("POST /forms HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n" + type_header +
                    "\r\n" + part("name=\"file\"; filename=\"a\"", "only this"));
        if (i % 2) client.reset();
    }
    EXPECT_TRUE(
        becomes_true([&] { return server.server().connections() == 0 && open_descriptors() <= before; }));
}

}  // namespace
}  // namespace assistd::http::test
