#pragma once

#include "client/widgets/basic/text_label.h"

class QVBoxLayout;

namespace client::shell {

/// A page in place of the panes: a title with a way back, and one scrolling column at most 640 px wide.
class PageFrame : public widgets::Surface {
    Q_OBJECT

public:
    explicit PageFrame(const QString &title, QWidget *parent = nullptr);

    [[nodiscard]] QVBoxLayout *column() const { return m_column; }

Q_SIGNALS:
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QVBoxLayout *m_column;
};

} // namespace client::shell
