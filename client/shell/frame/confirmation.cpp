#include "client/shell/frame/confirmation.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace client::shell {

Overlay *ask(QWidget *window, const Question &question, std::function<void()> work)
{
    constexpr int width = 460;
    auto *sheet = new Overlay{question.title, width, window};
    sheet->setObjectName(question.name);
    QObject::connect(sheet, &Overlay::dismissed, sheet, &QObject::deleteLater);
    auto *text = new widgets::TextLabel{widgets::TextRole::Panel, &widgets::Tokens::text2, sheet};
    text->setWrapping(true);
    text->setText(question.text);
    sheet->content()->addWidget(text);
    sheet->content()->addSpacing(8);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch(1);
    auto *cancel = new widgets::Button{widgets::ButtonKind::Quiet, Overlay::tr("Cancel"), sheet};
    QObject::connect(cancel, &QAbstractButton::clicked, sheet, &Overlay::dismiss);
    auto *agree =
        new widgets::Button{question.isDangerous ? widgets::ButtonKind::Danger : widgets::ButtonKind::Primary,
                            question.action, sheet};
    agree->setObjectName(QStringLiteral("agree"));
    agree->setAccessibleDescription(question.text);
    QObject::connect(agree, &QAbstractButton::clicked, sheet, [sheet, work = std::move(work)] {
        sheet->dismiss();
        work();
    });
    row->addWidget(cancel);
    row->addWidget(agree);
    sheet->content()->addLayout(row);
    sheet->open(question.isDangerous ? cancel : agree);
    return sheet;
}

} // namespace client::shell
