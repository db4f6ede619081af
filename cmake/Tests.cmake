# One test program a folder of tests/, many tst_*.cpp in it: linking a hundred programs is what makes a
# small machine slow. Each tst_*.cpp holds one Qt Test class, ends in REGISTER_TEST(Class) and
# #include "tst_name.moc", and is one ctest entry, "<program>.<name>".
#
#   add_test_program(tests_sync DEPENDS server_sync client_sync TIMEOUT 120)
add_custom_target(core_tests) # what runs under sanitizers
function(add_test_program name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "DEPENDS;LIBS;LABELS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS *.cpp *.h)
    add_executable(${name} ${sources})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE tests_support ${ARG_DEPENDS} ${ARG_LIBS} Qt6::Test warnings)
    target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_FOREACH
        _GLIBCXX_ASSERTIONS) # an answer that never came stops the test where it is missed
    target_precompile_headers(${name} REUSE_FROM precompiled_tests)
    if("core" IN_LIST ARG_LABELS)
        add_dependencies(core_tests ${name})
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    file(GLOB cases CONFIGURE_DEPENDS tst_*.cpp)
    foreach(case IN LISTS cases)
        get_filename_component(case ${case} NAME_WE)
        add_test(NAME ${name}.${case} COMMAND ${name} --case ${case})
        set_tests_properties(${name}.${case} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
            ENVIRONMENT "QT_QPA_PLATFORM=offscreen;DESKBELL_BIN=${CMAKE_BINARY_DIR}/bin;DESKBELL_SOURCE=${PROJECT_SOURCE_DIR};DESKBELL_BUILD=${CMAKE_BINARY_DIR}")
    endforeach()
endfunction()
