#pragma once

#include "client/widgets/composer/composer_attachment.h"

#include <QImage>
#include <QList>
#include <QUrl>
#include <QWidget>

#include <array>
#include <vector>

class QHBoxLayout;
class QMenu;
class QTextDocument;

namespace client::widgets {

class AttachmentChips;
class Banner;
class Button;
class ComposerEdit;
class EmojiPicker;
class IconButton;
class KeyCaps;
class SplitButton;
class TabTrack;

enum class ComposerMode { Reply, Note };

/// The reply box: tabs, recipient, text, attachment chips, toolbar, Send; an offline strip above.
///
/// Keeps one text (and undo history) per mode. Knows no conversation: the owner sets texts and takes them on
/// sendRequested; nothing is cleared by the box itself.
class Composer : public QWidget {
    Q_OBJECT

public:
    explicit Composer(QWidget *parent = nullptr);
    ~Composer() override;

    ComposerMode mode() const { return m_mode; }
    QString text(ComposerMode mode) const;
    QString text() const { return text(m_mode); }
    ComposerEdit *edit() const { return m_edit; }

    void setMode(ComposerMode mode);
    /// Does not report textEdited.
    void setText(ComposerMode mode, const QString &text);
    void clear(ComposerMode mode) { setText(mode, {}); }
    void insertText(const QString &text);
    void setPlaceholder(ComposerMode mode, const QString &text);
    /// "to mara@lindqvist.example", at the end of the tab row; empty hides it.
    void setRecipient(const QString &text);
    void setAttachments(const std::vector<ComposerAttachment> &attachments);
    /// Whether Send is enabled; by default it follows the text and the attachments.
    void setSendAllowed(bool allowed);
    /// "Send and resolve" and friends; not owned. Null hides the arrow.
    void setSendMenu(QMenu *menu);
    /// Amber strip above the card; an empty text hides it.
    void setStrip(const QString &text, const QString &action = {});
    void setEnterSends(bool sends);
    /// Height the card may take at most (45 % of the thread).
    void setHeightLimit(int height);
    /// Adds a button to the toolbar behind attach and emoji.
    IconButton *addTool(const QString &icon, const QString &name);

Q_SIGNALS:
    void sendRequested(client::widgets::ComposerMode mode);
    void modeChanged(client::widgets::ComposerMode mode);
    /// The person changed the text (drafts, typing).
    void textEdited(const QString &text);
    void attachRequested();
    void attachmentRemoved(const QString &id);
    void attachmentRetried(const QString &id);
    void filesGiven(const QList<QUrl> &files);
    void imageGiven(const QImage &image);
    void recipientClicked();
    void stripActionTriggered();
    void editLastRequested();
    void left();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    QWidget *buildHead();
    QWidget *buildTools();
    void connectParts();
    void applyTheme();
    void showMode();
    void requestSend();
    void updateSend();
    void updateHeight();

    ComposerMode m_mode = ComposerMode::Reply;
    std::array<QTextDocument *, 2> m_documents{};
    std::array<QString, 2> m_placeholders;
    Banner *m_strip = nullptr;
    QWidget *m_frame = nullptr;
    TabTrack *m_tabs = nullptr;
    Button *m_recipient = nullptr;
    ComposerEdit *m_edit = nullptr;
    AttachmentChips *m_chips = nullptr;
    QHBoxLayout *m_text = nullptr;
    QHBoxLayout *m_tools = nullptr;
    KeyCaps *m_keys = nullptr;
    IconButton *m_emojiButton = nullptr;
    SplitButton *m_send = nullptr;
    EmojiPicker *m_emoji = nullptr;
    int m_limit = 400;
    bool m_allowed = true;
    bool m_hasFiles = false;
    bool m_silent = false;
};

} // namespace client::widgets
