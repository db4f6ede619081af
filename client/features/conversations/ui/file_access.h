#pragma once

#include "shared/domain/conversations/message.h"

#include <QIODevice>
#include <QString>

#include <functional>
#include <memory>

namespace client::conversations {

/// Reaches the bytes of attachments; whoever builds the window fills it in. GUI thread, never waits.
struct FileAccess {
    /// Name of the file (or its thumbnail) when it is on this computer; else empty, and it is being fetched.
    std::function<QString(const domain::AttachmentId &id, bool thumbnail)> fetch;
    /// Opens what `fetch` named, to read; null when it is gone. It is encrypted where it lies.
    std::function<std::unique_ptr<QIODevice>(const QString &path)> open;
};

/// "1.8 MB".
QString sizeText(std::int64_t bytes);
/// Last part of a name that somebody else chose, without what a file system or a reader could take wrongly.
QString safeFileName(const QString &name);

} // namespace client::conversations
