#pragma once

#include <QAbstractButton>

namespace client::shell {

/// Looks like a search field and opens the palette: "Search or jump to", with its key caps. An icon in a
/// rail.
class JumpButton : public QAbstractButton {
    Q_OBJECT

public:
    JumpButton(const QString &text, const QStringList &keyCaps, QWidget *parent = nullptr);

    void setRail(bool rail);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QStringList m_keyCaps;
    bool m_rail = false;
};

} // namespace client::shell
