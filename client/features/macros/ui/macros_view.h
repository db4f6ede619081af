#pragma once

#include "client/features/macros/logic/macro_store.h"

#include <QWidget>

class QVBoxLayout;

namespace client::macros {

/// The macros that I may run, with what each does; new ones, changing and deleting.
class MacrosView : public QWidget {
    Q_OBJECT

public:
    explicit MacrosView(MacroStore &macros, QWidget *parent = nullptr);

Q_SIGNALS:
    /// A new one when there is no macro with that id.
    void editRequested(const domain::Macro &macro);
    void removeRequested(const domain::MacroId &id, const QString &name);

private:
    void render();
    QWidget *card(const domain::Macro &macro);

    MacroStore &m_macros;
    QVBoxLayout *m_cards;
};

} // namespace client::macros
