#pragma once

#include "client/widgets/composer/composer_attachment.h"

#include <QWidget>

#include <vector>

namespace client::widgets {

/// The files waiting in a composer, as chips that wrap; hides itself when there are none.
class AttachmentChips : public QWidget {
    Q_OBJECT

public:
    explicit AttachmentChips(QWidget *parent = nullptr);

    void setAttachments(const std::vector<ComposerAttachment> &attachments);
    int heightForWidth(int width) const override;
    bool hasHeightForWidth() const override { return true; }
    QSize sizeHint() const override;

Q_SIGNALS:
    void removed(const QString &id);
    void retried(const QString &id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    int place(int width, bool apply) const;

    std::vector<QWidget *> m_chips;
};

} // namespace client::widgets
