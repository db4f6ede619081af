# A module is one folder, one static library, and the complete list of what it may include.
#
#   add_module(server_sync
#       DEPENDS server_storage shared_protocol   # modules of ours, lower in the stack
#       LIBS    Poco::Net                        # outside libraries, private to this module
#       QT      Core                             # Qt libraries; moc runs only where this is given
#       LEVEL   3)                               # features only: may name features of lower levels
#
# Its sources are every .cpp in the folder and below it; a module holds no other module.
# Names go by folder: server/features/contacts is server_contacts, client/features/contacts/ui is client_contacts_ui.
function(add_module name)
    cmake_parse_arguments(ARG "" "LEVEL" "DEPENDS;LIBS;QT" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS *.h)
    foreach(dependency IN LISTS ARG_DEPENDS)
        if(NOT TARGET ${dependency})
            message(FATAL_ERROR "${name} depends on ${dependency}, which is not below it")
        endif()
        get_target_property(level ${dependency} MODULE_LEVEL)
        if(ARG_LEVEL AND level AND NOT level LESS ARG_LEVEL)
            message(FATAL_ERROR "${name} (level ${ARG_LEVEL}) depends on ${dependency} (level ${level})")
        endif()
    endforeach()

    add_library(${name} STATIC ${sources} ${headers})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX MODULE_LEVEL "${ARG_LEVEL}")
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} nlohmann_json::nlohmann_json PRIVATE ${ARG_LIBS} warnings)
    if(ARG_QT)
        list(TRANSFORM ARG_QT PREPEND Qt6::)
        set_target_properties(${name} PROPERTIES AUTOMOC ON)
        target_link_libraries(${name} PUBLIC ${ARG_QT})
        target_compile_definitions(${name} PUBLIC QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_FOREACH)
    endif()
    if(Qt6::Widgets IN_LIST ARG_QT)
        target_precompile_headers(${name} REUSE_FROM precompiled_widgets)
    elseif(ARG_QT)
        target_precompile_headers(${name} REUSE_FROM precompiled_qt)
    else()
        target_precompile_headers(${name} REUSE_FROM precompiled_plain)
    endif()

    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    string(JOIN "," depends ${ARG_DEPENDS})
    set_property(GLOBAL APPEND_STRING PROPERTY MODULE_GRAPH "${name} ${folder} ${depends}\n")
endfunction()

# Writes what add_module() was told; tools/check_structure.py holds the #includes against it.
function(write_module_graph)
    get_property(graph GLOBAL PROPERTY MODULE_GRAPH)
    file(WRITE ${CMAKE_BINARY_DIR}/module_graph.txt "${graph}")
endfunction()
