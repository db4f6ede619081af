#pragma once

#include <QString>

namespace client::widgets {

/// One file waiting to be sent.
struct ComposerAttachment {
    QString id;
    QString name;
    QString detail;    ///< "1.8 MB", or why it failed
    int progress = -1; ///< 0-100 while it uploads, -1 when done
    bool failed = false;
};

} // namespace client::widgets
