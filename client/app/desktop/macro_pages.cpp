#include "client/app/desktop/pages.h"
#include "client/features/macros/ui/macro_form.h"
#include "client/features/macros/ui/macros_view.h"
#include "client/shell/frame/confirmation.h"
#include "client/shell/frame/workspace.h"
#include "client/shell/pages/page_frame.h"

#include <QVBoxLayout>

// The pages of macros.
namespace client::desktop {

void Pages::openMacros()
{
    if (!m_macrosPage) {
        m_macrosPage = new shell::PageFrame{tr("Macros"), &m_parts.workspace};
        m_macrosPage->setObjectName(QStringLiteral("macrosPage"));
        auto *view = new macros::MacrosView{m_parts.stores.macros, m_macrosPage};
        m_macrosPage->column()->addWidget(view);
        m_macrosPage->column()->addStretch(1);
        connect(m_macrosPage, &shell::PageFrame::closed, this, &Pages::closed);
        connect(view, &macros::MacrosView::editRequested, this, &Pages::editMacro);
        connect(view, &macros::MacrosView::removeRequested, this,
                [this](const domain::MacroId &id, const QString &name) {
                    shell::ask(&m_parts.window,
                               {.title = tr("Delete the macro %1?").arg(name),
                                .text = tr("What it did to conversations stays."),
                                .action = tr("Delete"),
                                .name = QStringLiteral("removeMacroSheet")},
                               [this, id] { m_parts.stores.macros.remove(id); });
                });
    }
    m_parts.workspace.showPage(m_macrosPage);
}

void Pages::editMacro(const domain::Macro &macro)
{
    constexpr int width = 560;
    auto *sheet =
        new shell::Overlay{macro.name.empty() ? tr("New macro") : tr("Change macro"), width, &m_parts.window};
    sheet->setObjectName(QStringLiteral("macroSheet"));
    connect(sheet, &shell::Overlay::dismissed, sheet, &QObject::deleteLater);
    auto *form = new macros::MacroForm{m_parts.stores.macros, macros::StepChoices::of(m_parts.stores.all),
                                       macro, sheet};
    sheet->content()->addWidget(form);
    connect(form, &macros::MacroForm::cancelled, sheet, &shell::Overlay::dismiss);
    connect(form, &macros::MacroForm::grown, sheet, &shell::Overlay::fit);
    connect(form, &macros::MacroForm::saved, this, [this, sheet](const QString &name) {
        sheet->dismiss();
        Q_EMIT said(tr("Macro %1 saved").arg(name));
    });
    sheet->open(form->firstField());
}

} // namespace client::desktop
