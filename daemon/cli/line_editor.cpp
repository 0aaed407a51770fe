#include "cli/line_editor.h"

#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <filesystem>

#include "cli/characters.h"
#include "cli/failure.h"
#include "cli/terminal.h"

namespace assistd::cli {
namespace {

constexpr int idle_ms = 500;
constexpr int kept_lines = 1'000;
constexpr const wchar_t* paste_ends = L"\x1b[201~";
constexpr const char* paste_on = "\x1b[?2004h";
constexpr const char* paste_off = "\x1b[?2004l";
constexpr const char* more_prompt = "… ";

using CloseFile = decltype([](std::FILE* file) { std::fclose(file); });
using File = std::unique_ptr<std::FILE, CloseFile>;

// libedit asks the locale how characters are written; ours are always UTF-8.
void speak_utf8() {
    ::setlocale(LC_CTYPE, "");
    if (MB_CUR_MAX < 4) ::setlocale(LC_CTYPE, "C.UTF-8");
}

std::wstring wide(const std::string& text) {
    std::wstring decoded(text.size(), L'\0');
    mbstate_t state{};
    const char* from = text.c_str();
    const std::size_t size = std::mbsrtowcs(decoded.data(), &from, decoded.size(), &state);
    decoded.resize(size == static_cast<std::size_t>(-1) ? 0 : size);
    return decoded;
}

std::string narrow(std::wstring_view text) {
    std::string encoded;
    mbstate_t state{};
    for (const wchar_t character : text) {
        char bytes[16];
        const std::size_t size = std::wcrtomb(bytes, character, &state);
        if (size != static_cast<std::size_t>(-1)) encoded.append(bytes, size);
    }
    return encoded;
}

// The text without the backslash that says that it goes on; false when it does not.
bool goes_on(std::string& text) {
    const std::size_t last = text.find_last_not_of('\\');
    const std::size_t signs = text.size() - (last == std::string::npos ? 0 : last + 1);
    if (signs % 2 == 0) return false;
    text.back() = '\n';
    return true;
}

std::string common_beginning(const std::vector<std::string>& lines) {
    std::string common = lines.front();
    for (const std::string& line : lines)
        common.resize(static_cast<std::size_t>(
            std::mismatch(common.begin(), common.end(), line.begin(), line.end()).first - common.begin()));
    return common;
}

}  // namespace

struct LineEditor::Impl {
    Impl(Interrupts& signals, std::string path, Helpers given)
        : interrupts(signals), file(std::move(path)), helpers(std::move(given)) {
        speak_utf8();
        history.reset(::history_winit());
        edit.reset(::el_init("assistctl", stdin, stdout, stderr));
        if (!edit || !history) throw Failure(ExitCode::failed, "The terminal cannot be edited on.");
        HistEventW event;
        ::history_w(history.get(), &event, H_SETSIZE, kept_lines);
        ::history_w(history.get(), &event, H_SETUNIQUE, 1);
        load_history();
        EditLine* el = edit.get();
        ::el_wset(el, EL_CLIENTDATA, this);
        ::el_wset(el, EL_SIGNAL, 0);
        ::el_wset(el, EL_PROMPT, prompt_of);
        ::el_wset(el, EL_HIST, ::history_w, history.get());
        ::el_wset(el, EL_EDITOR, L"emacs");
        ::el_wset(el, EL_GETCFN, read_character);
        ::el_wset(el, EL_ADDFN, L"assistd-newline", L"Begins another line", add_newline);
        ::el_wset(el, EL_ADDFN, L"assistd-paste", L"Takes what is pasted as it is", paste);
        ::el_wset(el, EL_ADDFN, L"assistd-complete", L"Completes", complete);
        ::el_wset(el, EL_BIND, L"\\e\\n", L"assistd-newline", nullptr);
        ::el_wset(el, EL_BIND, L"\\e\\r", L"assistd-newline", nullptr);
        ::el_wset(el, EL_BIND, L"\\e[200~", L"assistd-paste", nullptr);
        ::el_wset(el, EL_BIND, L"\\t", L"assistd-complete", nullptr);
        ::el_wset(el, EL_BIND, L"^R", L"em-inc-search-prev", nullptr);
        ::el_source(el, nullptr);  // what the user has in ~/.editrc
    }

    // Another chat may write at the same time: each appends its lines, under a lock.
    template <class Work>
    void with_history(const char* mode, Work work) {
        if (file.empty()) return;
        const File opened(std::fopen(file.c_str(), mode));
        if (!opened) return;
        ::fchmod(::fileno(opened.get()), S_IRUSR | S_IWUSR);
        ::flock(::fileno(opened.get()), LOCK_EX);
        work(opened.get());
    }
    void load_history() {
        if (file.empty()) return;
        std::error_code error;
        const std::filesystem::path folder = std::filesystem::path(file).parent_path();
        if (!std::filesystem::exists(folder, error)) {
            std::filesystem::create_directories(folder, error);
            std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
        }
        HistEventW event;
        const int loaded = ::history_w(history.get(), &event, H_LOAD, file.c_str());
        // What is no history of ours, or much longer than what is kept, is written anew.
        if (loaded > 2 * kept_lines) ::history_w(history.get(), &event, H_SAVE, file.c_str());
    }
    void remember(const std::string& text) {
        HistEventW event;
        if (::history_w(history.get(), &event, H_ENTER, wide(text).c_str()) < 0) return;
        with_history("a+", [&](std::FILE* to) {
            std::fseek(to, 0, SEEK_END);
            ::history_w(history.get(), &event, H_NSAVE_FP, std::size_t{1}, to);
        });
    }

    static Impl* of(EditLine* el) {
        Impl* self = nullptr;
        ::el_wget(el, EL_CLIENTDATA, &self);
        return self;
    }
    static wchar_t* prompt_of(EditLine* el) { return of(el)->prompt.data(); }

    // Waits for a character, and meanwhile for Ctrl-C.
    static int read_character(EditLine* el, wchar_t* character) {
        Impl& self = *of(el);
        mbstate_t state{};
        while (true) {
            self.fit();
            pollfd fds[] = {
                {STDIN_FILENO, POLLIN, 0}, {self.interrupts.fd(), POLLIN, 0}, {self.resumes.fd(), POLLIN, 0}};
            const int ready = ::poll(fds, 3, idle_ms);
            if (self.resumes.take()) self.resume();
            if (self.interrupts.take()) {
                self.interrupted = true;
                errno = EINTR;
                return -1;
            }
            if (ready == 0) self.idle();
            if (fds[0].revents == 0) continue;
            char byte = 0;
            const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return static_cast<int>(got);
            const std::size_t size = std::mbrtowc(character, &byte, 1, &state);
            if (size == static_cast<std::size_t>(-2)) continue;
            if (size != static_cast<std::size_t>(-1)) return 1;
            state = {};  // no UTF-8: left out
        }
    }
    // After Ctrl-Z the terminal is as the shell wants it.
    void resume() {
        ::el_set(edit.get(), EL_PREP_TERM, 0);
        ::el_set(edit.get(), EL_PREP_TERM, 1);
        ::el_set(edit.get(), EL_REFRESH);
    }
    // Terminals fold the lines anew when their window changes: what was drawn begins where it begins at the
    // new width, and is drawn again from there.
    void fit() {
        const TerminalSize now = terminal_size();
        if (now.columns == size.columns && now.rows == size.rows) return;
        size = now;
        erase();
        ::el_resize(edit.get());
        ::el_set(edit.get(), EL_REFRESH);
    }
    void idle() {
        if (helpers.idle) helpers.idle();
    }

    static unsigned char add_newline(EditLine* el, int) {
        return ::el_winsertstr(el, L"\n") == 0 ? CC_REFRESH : CC_ERROR;
    }
    static unsigned char paste(EditLine* el, int) {
        std::wstring text;
        wchar_t character = 0;
        while (read_character(el, &character) == 1) {
            text += character == L'\r' ? L'\n' : character;
            if (text.ends_with(paste_ends)) break;
        }
        if (text.ends_with(paste_ends)) text.resize(text.size() - std::wcslen(paste_ends));
        std::erase_if(text, [](wchar_t c) { return c < L' ' && c != L'\n' && c != L'\t'; });
        while (text.ends_with(L'\n')) text.pop_back();
        if (text.empty()) return CC_REFRESH;
        return ::el_winsertstr(el, text.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    }
    static unsigned char complete(EditLine* el, int) {
        Impl& self = *of(el);
        const LineInfoW* info = ::el_wline(el);
        if (info->cursor != info->lastchar || !self.helpers.completions) return CC_ERROR;
        const std::string typed = narrow({info->buffer, info->lastchar});
        const std::vector<std::string> found = self.helpers.completions(typed);
        if (found.empty()) return CC_ERROR;
        const std::string more = common_beginning(found).substr(typed.size());
        if (!more.empty()) return ::el_winsertstr(el, wide(more).c_str()) == 0 ? CC_REFRESH : CC_ERROR;
        std::string all;
        for (const std::string& one : found) all += (all.empty() ? "" : "\n") + one;
        if (found.size() > 1) self.above(all);
        return CC_REFRESH;
    }

    // How many rows above the cursor the typed text begins.
    std::size_t rows_above() const {
        const LineInfoW* info = ::el_wline(edit.get());
        const std::size_t columns = terminal_size().columns;
        std::size_t row = 0;
        std::size_t column = 0;
        const std::string before = narrow(prompt) + narrow({info->buffer, info->cursor});
        for (const Character& character : characters(before)) {
            const bool newline = character.bytes == "\n";
            if (newline || column + character.columns > columns) {
                ++row;
                column = 0;
            }
            if (!newline) column += character.columns;
            if (column == columns) {
                ++row;
                column = 0;
            }
        }
        return row;
    }
    // Takes what is typed off the screen, and leaves the cursor where it began.
    void erase() const {
        const std::size_t up = rows_above();
        std::fputs("\r", stdout);
        if (up > 0) std::fprintf(stdout, "\x1b[%zuA", up);
        std::fputs("\x1b[J", stdout);
        std::fflush(stdout);
    }
    void above(const std::string& text) {
        erase();
        std::fprintf(stdout, "%s\n", text.c_str());
        std::fflush(stdout);
        ::el_set(edit.get(), EL_REFRESH);
    }

    Got read_line(const std::string& shown, std::string& line) {
        prompt = wide(shown);
        interrupted = false;
        int count = 0;
        // Before the prompt, not behind it as libedit does: a Ctrl-D in between would be the terminal's own,
        // and lost.
        ::el_set(edit.get(), EL_PREP_TERM, 1);
        const wchar_t* typed = ::el_wgets(edit.get(), &count);
        if (interrupted) {
            const LineInfoW* info = ::el_wline(edit.get());
            line += narrow({info->buffer, info->lastchar});
            return Got::interrupt;
        }
        if (!typed || count <= 0) return Got::end;
        std::wstring_view text(typed, static_cast<std::size_t>(count));
        if (text.ends_with(L'\n')) text.remove_suffix(1);
        line += narrow(text);
        return Got::line;
    }

    using End = decltype([](EditLine* el) { ::el_end(el); });
    using EndHistory = decltype([](HistoryW* history) { ::history_wend(history); });
    Interrupts& interrupts;
    Interrupts resumes{SIGCONT};
    std::string file;
    Helpers helpers;
    std::unique_ptr<HistoryW, EndHistory> history;
    std::unique_ptr<EditLine, End> edit;
    std::wstring prompt;
    TerminalSize size = terminal_size();
    bool interrupted = false;
};

LineEditor::LineEditor(Interrupts& interrupts, std::string history_file, Helpers helpers)
    : impl_(std::make_unique<Impl>(interrupts, std::move(history_file), std::move(helpers))) {}

LineEditor::~LineEditor() = default;

LineEditor::Got LineEditor::read(const std::string& prompt, std::string& line) {
    line.clear();
    std::fputs(paste_on, stdout);
    std::fflush(stdout);
    Got got = impl_->read_line(prompt, line);
    while (got == Got::line && goes_on(line)) got = impl_->read_line(more_prompt, line);
    std::fputs(paste_off, stdout);
    std::fflush(stdout);
    if (got == Got::line && line.find_first_not_of(" \t\n") != std::string::npos) impl_->remember(line);
    return got;
}

void LineEditor::print_above(const std::string& text) {
    impl_->above(text);
}

std::string history_file() {
    const auto variable = [](const char* name) -> std::string {
        const char* value = std::getenv(name);
        return value ? value : "";
    };
    const std::string state = variable("XDG_STATE_HOME");
    // One that is not absolute does not count, says the specification.
    if (state.starts_with('/')) return state + "/assistctl/history";
    const std::string home = variable("HOME");
    return home.starts_with('/') ? home + "/.local/state/assistctl/history" : "";
}

}  // namespace assistd::cli
