#pragma once

#include <QLineEdit>

namespace client::widgets {

class IconButton;

/// A line edit with a magnifier, a clear button and key caps at its end. Esc clears, then leaves.
class SearchField : public QLineEdit {
    Q_OBJECT

public:
    /// `placeholder` is the accessible name, too.
    explicit SearchField(const QString &placeholder, QWidget *parent = nullptr);

    /// Key caps shown while empty, e.g. {"Ctrl", "K"}.
    void setKeyCaps(const QStringList &keys);
    QSize sizeHint() const override;

Q_SIGNALS:
    /// Esc in an empty field.
    void left();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void updateMargins();

    IconButton *m_clear;
    QStringList m_keys;
};

} // namespace client::widgets
