# Outside libraries, each found once. What they are for stands in docs/ARCHITECTURE.md.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)

# Server
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Poco REQUIRED COMPONENTS Foundation Util XML JSON Crypto JWT Net NetSSL Data DataSQLite)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED CONFIG)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(wslay REQUIRED)
find_package(date REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(MAGIC REQUIRED IMPORTED_TARGET libmagic)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)

# Client
if(DESKBELL_CLIENT OR DESKBELL_TESTS)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Network WebSockets Sql Svg DBus Test LinguistTools)
    find_package(Qt6Keychain REQUIRED)
endif()
