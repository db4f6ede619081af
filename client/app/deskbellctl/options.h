#pragma once

#include <QString>

#include <string>

namespace client::ctl {

/// What every command takes.
struct Options {
    QString profile;
    bool json = false;
    bool offline = false;
    bool useKeychain = true;
    int timeoutSeconds = 60;
};

/// What the program ends with.
enum ExitCode {
    Ok = 0,
    Different = 1,    ///< verify found differences, or the server refused what was asked
    Usage = 2,        ///< wrong arguments, or no such conversation or agent
    NotConnected = 3, ///< no connection in time; what was written waits in the outbox
    NotSignedIn = 4,
    Failed = 5, ///< this computer's files cannot be used
};

} // namespace client::ctl
