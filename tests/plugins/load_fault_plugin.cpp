// A plugin that cannot be loaded; FAULT says why.

#include <assistd/plugin.h>
#include <csignal>
#include <stdexcept>

#define ENTRY_RETURNS_NULL 1
#define CREATE_RETURNS_NULL 2
#define CREATE_THROWS 3
#define CODE_HAS_ANOTHER_MAJOR 4
#define NO_ENTRY 5
#define CREATE_CRASHES 6
#define NO_CREATE 7
#define UNDEFINED_SYMBOL 8

#if FAULT == UNDEFINED_SYMBOL
extern "C" void assistd_test_nobody_defines_this(void);
#endif

namespace {

assistd_plugin* create(const assistd_host*) {
#if FAULT == CREATE_THROWS
    throw std::runtime_error("create threw this");
#elif FAULT == CREATE_CRASHES
    raise(SIGSEGV);
#elif FAULT == UNDEFINED_SYMBOL
    assistd_test_nobody_defines_this();
#endif
    return nullptr;
}

}  // namespace

#if FAULT == NO_ENTRY
extern "C" ASSISTD_EXPORT void assistd_plugin_enter(void) {
    create(nullptr);
}
#else
extern "C" ASSISTD_EXPORT const assistd_plugin_descriptor* assistd_plugin_entry(void) {
    static const assistd_plugin_descriptor descriptor = {
        sizeof(assistd_plugin_descriptor), FAULT == CODE_HAS_ANOTHER_MAJOR ? 7u : ASSISTD_ABI_MAJOR,
        ASSISTD_ABI_MINOR, FAULT == NO_CREATE ? nullptr : create};
    return FAULT == ENTRY_RETURNS_NULL ? nullptr : &descriptor;
}
#endif
