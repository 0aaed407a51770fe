// assistd-extract: reads one document for the daemon that started it, and writes its text.
//
//     assistd-extract PARENT_PID MEMORY_MB CPU_SECONDS TEXT_BYTES
//
// The document is descriptor 3, its name the environment's DOCUMENT_NAME; the text goes to standard output as
// output.h says. Not for people. It trusts nothing that is in the document, so it gives up every right to
// anything else before it looks at more than what kind of document it is.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>

#include "knowledge/extract/kind.h"
#include "knowledge/extract/pdf.h"
#include "knowledge/extract/readers.h"
#include "sandbox/sandbox.h"

namespace assistd::extract {
namespace {

constexpr int document_fd = 3;
constexpr std::uint64_t room_for_libraries = 256u << 20;

void read(Kind kind, const InputFile& file, Output& output) {
    switch (kind) {
        case Kind::pdf:
            return;  // is read already
        case Kind::docx:
            return read_docx(file, output);
        case Kind::html:
            return read_html(file, output);
        case Kind::rtf:
            return read_rtf(file, output);
        case Kind::markdown:
            return read_markdown(file, output);
        case Kind::csv:
            return read_csv(file, output);
        case Kind::json:
            return read_json(file, output);
        case Kind::plain:
            return read_plain(file, output);
    }
}

void extract(const std::string& name, const sandbox::Limits& limits, Output& output) {
    const InputFile file(document_fd);
    const Kind kind = kind_of(file, name);
    std::optional<PdfReader> pdf;
    if (kind == Kind::pdf) pdf.emplace(document_fd, limits);
    sandbox::Grant grant;
    grant.limits = limits;
    grant.calls.children = kind == Kind::pdf;
    output.tell_unprotected(sandbox::enter(grant));
    if (pdf)
        pdf->read(output);
    else
        read(kind, file, output);
    output.finish();
}

}  // namespace
}  // namespace assistd::extract

int main(int count, char** arguments) {
    using namespace assistd::extract;
    const char* name = std::getenv("DOCUMENT_NAME");
    if (count != 5 || name == nullptr) {
        std::fputs("assistd-extract is started by assistd, not by hand.\n", stderr);
        return 2;
    }
    if (!assistd::sandbox::die_with_parent(std::atoi(arguments[1]))) return 0;
    assistd::sandbox::Limits limits;
    limits.address_space_bytes = (std::strtoull(arguments[2], nullptr, 10) << 20) + room_for_libraries;
    limits.cpu_seconds = std::strtoull(arguments[3], nullptr, 10);
    Output output(STDOUT_FILENO, std::strtoull(arguments[4], nullptr, 10));
    try {
        extract(name, limits, output);
    } catch (const Failure& failure) {
        output.fail(failure.kind(), failure.what());
    } catch (const std::bad_alloc&) {
        output.fail(FailureKind::invalid_file, "needs more memory to read than a document may; split it");
    } catch (const std::exception& error) {
        output.fail(FailureKind::server_error, std::string("cannot be read: ") + error.what());
    }
    // What is still open is the kernel's to close.
    std::_Exit(0);
}
