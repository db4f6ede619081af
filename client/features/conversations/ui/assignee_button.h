#pragma once

#include <QAbstractButton>

namespace client::conversations {

/// The pill in a thread's header: the assignee's avatar and an arrow; a dashed circle for nobody.
class AssigneeButton : public QAbstractButton {
    Q_OBJECT

public:
    explicit AssigneeButton(QWidget *parent = nullptr);

    /// Empty: nobody.
    void setAssignee(const QString &name, bool isMe);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_name;
};

} // namespace client::conversations
