#pragma once

#include <QObject>

namespace client::desktop {

/// Says on standard output, once, when the first rows of the conversation list have been painted; `./dev
/// bench app` measures how long a start takes by it. Watches only when the environment names
/// DESKBELL_TRACE_START.
class StartTrace : public QObject {
    Q_OBJECT

public:
    /// After the QApplication, which owns it.
    static void installIfAsked();

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    using QObject::QObject;
};

} // namespace client::desktop
