#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <string>

namespace tests {

/// Adds a Qt Test class to this program. `file` is the source it stands in; its stem names the case.
struct Registration {
    Registration(const char *file, std::function<std::unique_ptr<QObject>()> make);
};

} // namespace tests

/// Place once at the end of a tst_*.cpp, before including its .moc.
#define REGISTER_TEST(Class)                                                                                 \
    static const tests::Registration registration##Class                                                     \
    {                                                                                                        \
        __FILE__, [] { return std::make_unique<Class>(); }                                                   \
    }
