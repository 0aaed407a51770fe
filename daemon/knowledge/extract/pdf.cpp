#include "knowledge/extract/pdf.h"

#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "knowledge/extract/encoding.h"

namespace assistd::extract {
namespace {

constexpr std::array<const char*, 3> places = {"/usr/bin/pdftotext", "/usr/local/bin/pdftotext",
                                               "/bin/pdftotext"};
constexpr std::size_t most_said = 8u << 10;

const char* find_program() {
    for (const char* place : places)
        if (::access(place, X_OK) == 0) return place;
    throw Failure(FailureKind::server_error,
                  "cannot be read: pdftotext is missing on the server; its package is poppler-utils");
}

// What the kernel starts every program with here: this one as well as others.
std::string dynamic_loader() {
    std::string path;
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* found) {
            for (int i = 0; i < info->dlpi_phnum; ++i)
                if (info->dlpi_phdr[i].p_type == PT_INTERP)
                    *static_cast<std::string*>(found) =
                        reinterpret_cast<const char*>(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
            return 1;  // the first is the program
        },
        &path);
    return path;
}

[[noreturn]] void become_pdftotext(const char* program, const sandbox::Grant& grant, pid_t parent) {
    if (!sandbox::die_with_parent(parent)) ::_exit(0);
    sandbox::enter(grant);
    const std::string file = "/proc/self/fd/" + std::to_string(grant.file);
    ::execl(program, "pdftotext", "-enc", "UTF-8", "-eol", "unix", file.c_str(), "-", nullptr);
    ::_exit(127);
}

Failure what_went_wrong(int status, const std::string& said) {
    const auto says = [&](const char* words) { return said.find(words) != std::string::npos; };
    if (says("Incorrect password"))
        return {FailureKind::invalid_file, "is protected by a password; upload it without one"};
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        return {FailureKind::invalid_file, "takes longer to read than a document may; split it"};
    if (says("Out of memory") || says("bad_alloc"))
        return {FailureKind::invalid_file, "needs more memory to read than a document may; split it"};
    if (WIFSIGNALED(status) || WEXITSTATUS(status) == 127)
        return {FailureKind::server_error, "cannot be read: pdftotext broke on it"};
    return {FailureKind::invalid_file, "is damaged: it cannot be opened as a PDF"};
}

}  // namespace

PdfReader::PdfReader(int file, const sandbox::Limits& limits) {
    const char* program = find_program();
    sandbox::Grant grant;
    grant.limits = limits;
    grant.calls.become = true;
    grant.file = file;
    grant.executable = {program, dynamic_loader()};
    int text[2], errors[2];
    if (::pipe2(text, O_CLOEXEC) != 0 || ::pipe2(errors, O_CLOEXEC) != 0)
        throw Failure(FailureKind::server_error, "cannot be read now: the system has no pipes left");
    text_.reset(text[0]);
    errors_.reset(errors[0]);
    const UniqueFd its_text(text[1]), its_errors(errors[1]);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0)
        throw Failure(FailureKind::server_error, "cannot be read now: the system can start no more programs");
    if (pid_ > 0) return;
    ::dup2(its_text.get(), STDOUT_FILENO);
    ::dup2(its_errors.get(), STDERR_FILENO);
    become_pdftotext(program, grant, parent);
}

void PdfReader::read(Output& output) {
    Decoder decoder("UTF-8");
    output.begin_page(page_);
    std::array<pollfd, 2> watched = {pollfd{text_.get(), POLLIN, 0}, pollfd{errors_.get(), POLLIN, 0}};
    std::string block(64u << 10, '\0');
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
        for (pollfd& one : watched) {
            if (one.fd < 0 || one.revents == 0) continue;
            const ssize_t got = ::read(one.fd, block.data(), block.size());
            const std::string_view bytes(block.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
            if (got <= 0)
                one.fd = -1;
            else if (one.fd == errors_.get())
                said_.append(bytes.substr(0, most_said - std::min(most_said, said_.size())));
            else
                take(decoder.decode(bytes), output);
        }
    }
    take(decoder.finish(), output);
    wait_for_end();
    if (!output.has_text())
        invalid("has no text in it; if it is scanned, run text recognition (OCR) on it first");
}

// A form feed ends each page.
void PdfReader::take(std::string_view text, Output& output) {
    for (;;) {
        const std::size_t end = text.find('\f');
        output.text(text.substr(0, end));
        if (end == std::string_view::npos) return;
        output.begin_page(++page_);
        text.remove_prefix(end + 1);
    }
}

void PdfReader::wait_for_end() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    throw what_went_wrong(status, said_);
}

}  // namespace assistd::extract
