# How everything is compiled: C++20, warnings as errors, mold and ccache where they exist.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")
# Builds from two checkouts of the same source give the same objects, so ccache serves both.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

# What Poco's targets define anyway; everywhere, or no precompiled header would serve both sides.
if(UNIX AND NOT APPLE)
    add_compile_definitions(_FILE_OFFSET_BITS=64 _LARGEFILE64_SOURCE _REENTRANT _THREAD_SAFE _XOPEN_SOURCE=500)
endif()

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

# moc 6.4 cannot parse libstdc++'s visibility attribute in <compare> and friends.
set(CMAKE_AUTOMOC_MOC_OPTIONS -D_GLIBCXX_VISIBILITY=)

add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsuggest-override -Werror
    -Wno-missing-field-initializers)

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # False alarms about std::string's operator+ (GCC PR 105329, 105651).
    target_compile_options(warnings INTERFACE -Wno-array-bounds -Wno-restrict)
endif()

if(DESKBELL_SANITIZE)
    foreach(sanitizer IN LISTS DESKBELL_SANITIZE)
        add_compile_options(-fsanitize=${sanitizer})
        add_link_options(-fsanitize=${sanitizer})
    endforeach()
    add_compile_options(-fno-omit-frame-pointer -O1)
    target_compile_options(warnings INTERFACE -Wno-maybe-uninitialized -Wno-stringop-overflow) # false alarms in instrumented code
endif()
