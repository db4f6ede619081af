#pragma once

#include <functional>

namespace base {

/// Names a moment between two effects at which a test may end the program ("outbox.commit.before"), or make
/// the step behind it fail by throwing. Costs one load when nobody listens; what is built without tests holds
/// no trace of it. Any thread.
///
/// A program that was built with tests reads FAILPOINT=name[:n] and ends itself at the n-th visit as
/// kill -9 would, and adds the names it visits, each once, to the file FAILPOINT_LOG.
void failpoint(const char *name);

/// While it lives, failpoints of this thread call `visit` and nothing else. Scopes nest: the innermost is
/// called, not from within itself.
class FailpointScope {
public:
    using Visit = std::function<void(const char *name)>;

    explicit FailpointScope(Visit visit);
    ~FailpointScope();
    FailpointScope(const FailpointScope &) = delete;
    FailpointScope &operator=(const FailpointScope &) = delete;

private:
    Visit m_visit;
    const Visit *m_outer;
};

} // namespace base
