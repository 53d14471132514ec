// Options of AddressSanitizer for test programs: fibers that a failed launch leaves behind are no leaks.
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __asan_default_options() { return "detect_leaks=0:detect_stack_use_after_return=0"; }
#endif
