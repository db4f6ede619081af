# Writes a C++ file that holds the bytes of a file: cmake -DFROM=file -DTO=file.cpp -DNAME=namespace::name -P EmbedFile.cmake
# The header that declares it is written by hand: extern const unsigned char bytes[]; extern const std::size_t size;
file(READ ${FROM} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
file(WRITE ${TO} "#include <cstddef>
namespace ${NAME} {
extern const unsigned char bytes[];
extern const std::size_t size;
const unsigned char bytes[] = {
${hex}};
const std::size_t size = ${size};
} // namespace ${NAME}
")
