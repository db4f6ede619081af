#pragma once

#include "client/features/conversations/logic/composer_presenter.h"

#include <QWidget>

#include <memory>

class QMenu;
class QTemporaryDir;

namespace client::widgets {
class Composer;
class TextLabel;
} // namespace client::widgets

namespace client::conversations {

/// The reply box of a thread: shows ComposerPresenter's state and reports gestures.
class ComposerView : public QWidget {
    Q_OBJECT

public:
    explicit ComposerView(ComposerPresenter &presenter, QWidget *parent = nullptr);
    ~ComposerView() override;

    [[nodiscard]] widgets::Composer *box() const { return m_box; }
    void focusReply() { focus(ComposerPresenter::Mode::Reply); }
    void focusNote() { focus(ComposerPresenter::Mode::Note); }
    void chooseFiles();
    /// Who the reply goes to, for the placeholder.
    void setContact(const QString &name);
    /// The amber strip while there is no connection; a refusal of the presenter goes before it.
    void setStrip(const QString &text, const QString &action);
    void setSendMenu(QMenu *menu);

    /// What stands in the box now.
    [[nodiscard]] QString text() const;
    /// Puts a canned response in at the cursor; in place of the "/" that asked for it.
    void insertCanned(const QString &content);

Q_SIGNALS:
    /// "/" was typed into the empty box.
    void cannedRequested();
    void stripClicked();
    void recipientClicked();
    /// Esc: back to the thread.
    void left();
    /// Up in an empty box.
    void editLastRequested();

private:
    void connectBox();
    void focus(ComposerPresenter::Mode mode);
    void render(const ComposerPresenter::State &state, bool textReplaced);
    void showStrip();
    void attachImage(const QImage &image);
    QWidget *makeQuestion();

    ComposerPresenter &m_presenter;
    widgets::Composer *m_box;
    widgets::TextLabel *m_question = nullptr;
    QWidget *m_asking; ///< the bar with the question, its two answers
    QString m_strip;
    QString m_stripAction;
    std::unique_ptr<QTemporaryDir>
        m_pasted; ///< pictures from the clipboard until the presenter has copied them
    int m_pictures = 0;
};

} // namespace client::conversations
