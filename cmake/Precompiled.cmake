# Three precompiled headers for the whole tree: parsing JSON, Qt and the standard library again in every
# file is more than half of a clean build. A module gets the one of its kind; none has to say so.
#
#   precompiled_plain     no Qt
#   precompiled_qt        Qt Core
#   precompiled_widgets   Qt Widgets
#   precompiled_tests     Qt Widgets, for test programs (they are not position-independent libraries)
set(plain_headers
    <nlohmann/json.hpp> <algorithm> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <string>
    <string_view> <unordered_map> <utility> <vector>)
set(core_headers <QCoreApplication> <QDateTime> <QFile> <QHash> <QObject> <QString> <QStringList> <QTimer> <QUrl>)
set(widget_headers <QApplication> <QBoxLayout> <QKeyEvent> <QMenu> <QPainter> <QStyle> <QWidget>)

function(add_precompiled name)
    cmake_parse_arguments(ARG "" "" "QT;HEADERS" ${ARGN})
    file(WRITE ${CMAKE_BINARY_DIR}/${name}.cpp "")
    add_library(${name} STATIC ${CMAKE_BINARY_DIR}/${name}.cpp)
    target_link_libraries(${name} PRIVATE nlohmann_json::nlohmann_json Threads::Threads warnings ${ARG_QT})
    if(ARG_QT)
        target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_FOREACH)
    endif()
    target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()

add_precompiled(precompiled_plain HEADERS ${plain_headers})
if(DESKBELL_CLIENT OR DESKBELL_TESTS)
    add_precompiled(precompiled_qt QT Qt6::Core HEADERS ${plain_headers} ${core_headers})
    add_precompiled(precompiled_widgets QT Qt6::Widgets HEADERS ${plain_headers} ${core_headers} ${widget_headers})
    # Without Qt Test's own headers: they know the folder they are built in.
    add_precompiled(precompiled_tests QT Qt6::Widgets
        HEADERS ${plain_headers} ${core_headers} ${widget_headers} <QTemporaryDir>)
    set_target_properties(precompiled_tests PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(precompiled_tests PRIVATE -fPIE)
    target_compile_definitions(precompiled_tests PRIVATE _GLIBCXX_ASSERTIONS)
endif()
