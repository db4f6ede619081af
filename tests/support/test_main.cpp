#include "tests/support/register_test.h"

#include <QApplication>
#include <QTest>

#include <cstdio>
#include <cstring>
#include <vector>

namespace {

struct Case {
    std::string name;
    std::function<std::unique_ptr<QObject>()> make;
};

std::vector<Case> &cases()
{
    static std::vector<Case> all;
    return all;
}

std::string stem(std::string path)
{
    path = path.substr(path.find_last_of('/') + 1);
    return path.substr(0, path.find_last_of('.'));
}

} // namespace

tests::Registration::Registration(const char *file, std::function<std::unique_ptr<QObject>()> make)
{
    cases().push_back({stem(file), std::move(make)});
}

// program [--case tst_name] [Qt Test arguments]: all cases, or the one named.
int main(int argc, char **argv)
{
    const bool one = argc > 2 && std::strcmp(argv[1], "--case") == 0;
    const std::string wanted = one ? argv[2] : "";
    std::vector<char *> arguments{argv[0]};
    for (int i = one ? 3 : 1; i < argc; ++i)
        arguments.push_back(argv[i]);

    QApplication application{argc, argv};
    int failed = 0;
    int ran = 0;
    for (const auto &test : cases()) {
        if (one && test.name != wanted)
            continue;
        ++ran;
        const auto object = test.make();
        failed += QTest::qExec(object.get(), static_cast<int>(arguments.size()), arguments.data());
    }
    if (ran == 0)
        std::fprintf(stderr, "no such case: %s\n", wanted.c_str());
    return ran == 0 ? 1 : (failed > 0 ? 1 : 0);
}
