#include "client/widgets/basic/avatar.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/basic/search_field.h"
#include "client/widgets/basic/tab_track.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/basic/toast.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/composer/emoji_picker.h"
#include "client/widgets/house.h"
#include "client/widgets/list/row_list_view.h"
#include "client/widgets/navigation/property_section.h"
#include "client/widgets/navigation/sidebar_view.h"
#include "client/widgets/palette/command_palette.h"
#include "client/widgets/thread/thread_view.h"
#include "tests/support/register_test.h"
#include "tests/widgets/samples.h"

#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QTest>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;
using namespace client::widgets;

namespace {

struct Setting {
    QString name;
    ThemeMode mode;
    Qt::LayoutDirection direction;
    double scale;
};

const std::vector<Setting> &settings()
{
    static const std::vector<Setting> all{{u"light"_s, ThemeMode::Light, Qt::LeftToRight, 1},
                                          {u"dark"_s, ThemeMode::Dark, Qt::LeftToRight, 1},
                                          {u"rtl"_s, ThemeMode::Light, Qt::RightToLeft, 1},
                                          {u"200"_s, ThemeMode::Dark, Qt::LeftToRight, 2}};
    return all;
}

// Everything one screen needs, so that the widgets are seen side by side as in the pictures.
class Screen : public Surface {
public:
    Screen() : Surface{&Tokens::surface}
    {
        thread.setItems(sampleThread());
        auto *layout = new QHBoxLayout{this};
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addWidget(makeSidebar());
        layout->addWidget(new Hairline{Qt::Vertical, this});
        layout->addWidget(makeList());
        layout->addWidget(new Hairline{Qt::Vertical, this});
        layout->addWidget(makeThread(), 1);
        layout->addWidget(new Hairline{Qt::Vertical, this});
        layout->addWidget(makeContact());
    }

    RowListView *list = nullptr;
    SidebarView *sidebar = nullptr;
    ThreadView *view = nullptr;
    Composer *composer = nullptr;
    ThreadItems thread;
    SampleRows rows;

private:
    static int px(double length) { return Theme::current().px(length); }

    QWidget *makeSidebar()
    {
        auto *pane = new Surface{&Tokens::app, this};
        pane->setFixedWidth(px(236));
        auto *layout = new QVBoxLayout{pane};
        layout->setContentsMargins(0, 12, 0, 12);
        auto *field = new SearchField{u"Search or jump to"_s, pane};
        field->setKeyCaps({u"Ctrl"_s, u"K"_s});
        auto *row = new QHBoxLayout;
        row->setContentsMargins(12, 0, 12, 0);
        row->addWidget(field);
        layout->addLayout(row);
        sidebar = new SidebarView{u"Views"_s, pane};
        sidebar->setSections(sampleSections());
        sidebar->setCurrent(u"inbox"_s);
        layout->addWidget(sidebar, 1);
        return pane;
    }

    QWidget *makeList()
    {
        auto *pane = new Surface{&Tokens::surface, this};
        pane->setFixedWidth(px(352));
        auto *layout = new QVBoxLayout{pane};
        layout->setContentsMargins(0, 12, 0, 0);
        layout->setSpacing(8);
        auto *head = new QHBoxLayout;
        head->setContentsMargins(20, 0, 14, 0);
        auto *title = new TextLabel{TextRole::PaneTitle, &Tokens::text1, pane};
        title->setText(u"Inbox"_s);
        head->addWidget(title, 1);
        head->addWidget(new IconButton{u"list-filter"_s, u"Filter"_s, pane});
        head->addWidget(new IconButton{u"arrow-down-wide-narrow"_s, u"Sort"_s, pane});
        layout->addLayout(head);
        auto *tabs = new TabTrack{TabTrack::Look::Track, pane};
        tabs->setTabs({{u"mine"_s, u"Mine"_s, 12}, {u"un"_s, u"Unassigned"_s, 8}, {u"all"_s, u"All"_s, 146}});
        tabs->setAccessibleName(u"Which conversations"_s);
        auto *row = new QHBoxLayout;
        row->setContentsMargins(12, 0, 12, 0);
        row->addWidget(tabs);
        layout->addLayout(row);
        list = new RowListView{u"Conversations"_s, pane};
        list->setModel(&rows);
        list->setCurrentIndex(rows.index(0));
        layout->addWidget(list, 1);
        return pane;
    }

    QWidget *makeThread()
    {
        auto *pane = new Surface{&Tokens::surface, this};
        auto *layout = new QVBoxLayout{pane};
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        auto *head = new QHBoxLayout;
        head->setContentsMargins(24, 14, 20, 14);
        head->setSpacing(8);
        auto *title = new TextLabel{TextRole::ThreadTitle, &Tokens::text1, pane};
        title->setText(u"Order #4821 arrived damaged"_s);
        head->addWidget(title, 1);
        head->addWidget(new IconButton{u"alarm-clock"_s, u"Snooze"_s, pane});
        head->addWidget(new IconButton{u"ellipsis"_s, u"More"_s, pane});
        auto *resolve = new SplitButton{ButtonKind::Outline, u"Resolve"_s, pane};
        resolve->main()->setIconName(u"check"_s);
        resolve->main()->setIconTone(Tone::Ok);
        resolve->setMenu(new QMenu{resolve});
        head->addWidget(resolve);
        layout->addLayout(head);
        layout->addWidget(new Hairline{Qt::Horizontal, pane});
        view = new ThreadView{pane};
        view->setModel(&thread);
        view->setTyping(u"Mara Lindqvist"_s);
        layout->addWidget(view, 1);
        composer = new Composer{pane};
        composer->setRecipient(u"to mara@lindqvist.example"_s);
        composer->setText(
            ComposerMode::Reply,
            u"Of course! I’ve booked a new shade on express delivery, it should be with you on Thursday."_s);
        composer->setSendMenu(new QMenu{composer});
        layout->addWidget(composer);
        return pane;
    }

    QWidget *makeContact()
    {
        auto *pane = new Surface{&Tokens::surface, this};
        pane->setFixedWidth(px(300));
        auto *layout = new QVBoxLayout{pane};
        layout->setContentsMargins(20, 16, 20, 16);
        layout->setSpacing(8);
        auto *who = new QHBoxLayout;
        auto *avatar = new Avatar{48, pane};
        avatar->setLook({.name = u"Mara Lindqvist"_s, .presence = Presence::Online});
        who->addWidget(avatar);
        auto *names = new QVBoxLayout;
        auto *name = new TextLabel{TextRole::ThreadTitle, &Tokens::text1, pane};
        name->setText(u"Mara Lindqvist"_s);
        auto *state = new TextLabel{TextRole::Secondary, &Tokens::text2, pane};
        state->setText(u"Online · on /orders/4821"_s);
        names->addStretch(0);
        names->addWidget(name);
        names->addWidget(state);
        names->addStretch(0);
        names->setSpacing(0);
        who->addLayout(names, 1);
        names->setSizeConstraint(QLayout::SetMinimumSize);
        layout->addLayout(who);
        auto *pills = new QHBoxLayout;
        pills->setSpacing(6);
        pills->addWidget(new Pill{{u"VIP"_s, u"star"_s, Tone::Warn}, pane});
        pills->addWidget(new Pill{{u"14 orders"_s, u"package"_s}, pane});
        pills->addWidget(new Pill{{u"Since 2021"_s}, pane});
        pills->addStretch();
        layout->addLayout(pills);
        layout->addSpacing(8);
        auto *details = new PropertySection{u"Details"_s, pane};
        details->setAction(u"pencil"_s, u"Edit details"_s);
        details->addRow(u"Email"_s)->setValue(u"mara@lindqvist.example"_s, Tone::Accent);
        details->addRow(u"Phone"_s)->setValue(u"+46 70 123 45 67"_s);
        details->addRow(u"Local time"_s)->setValue(u"11:42 · Malmö, Sweden"_s);
        layout->addWidget(details);
        auto *conversation = new PropertySection{u"Conversation"_s, pane};
        conversation->setFoldable(true);
        conversation->addRow(u"Priority"_s)->setValue(u"High"_s, Tone::Bad);
        conversation->addRow(u"Team"_s)->setValue(u"Logistics"_s);
        layout->addWidget(conversation);
        layout->addStretch();
        return pane;
    }
};

// Small widgets in all their states.
class Parts : public Surface {
public:
    Parts() : Surface{&Tokens::surface}
    {
        auto *layout = new QVBoxLayout{this};
        layout->setContentsMargins(24, 20, 24, 20);
        layout->setSpacing(14);
        addButtons(layout);
        addInputs(layout);
        addPills(layout);
        auto *warn = new Banner{Tone::Warn, this};
        warn->setMessage(u"cloud-off"_s,
                         u"Offline. You can keep working; 3 messages will send when you’re back."_s,
                         u"Queue"_s);
        layout->addWidget(warn);
        auto *bad = new Banner{Tone::Bad, this};
        bad->setMessage(u"circle-alert"_s, u"You were signed out on this device."_s, u"Sign in"_s);
        layout->addWidget(bad);
        auto *row = new QHBoxLayout;
        auto *empty = new EmptyState{this};
        empty->setMessage(u"inbox"_s, u"Inbox zero"_s, u"3 unassigned are waiting."_s, u"Take the oldest"_s);
        empty->setMinimumHeight(260);
        row->addWidget(empty, 1);
        row->addWidget(new Skeleton{Skeleton::Shape::Rows, this}, 1);
        row->addWidget(new Skeleton{Skeleton::Shape::Messages, this}, 1);
        layout->addLayout(row, 1);
    }

private:
    void addButtons(QVBoxLayout *layout)
    {
        auto *row = new QHBoxLayout;
        row->setSpacing(8);
        row->addWidget(new Button{ButtonKind::Primary, u"Send"_s, this});
        row->addWidget(new Button{ButtonKind::Outline, u"Cancel"_s, this});
        row->addWidget(new Button{ButtonKind::Quiet, u"Skip"_s, this});
        row->addWidget(new Button{ButtonKind::Danger, u"Delete"_s, this});
        auto *off = new Button{ButtonKind::Primary, u"Send"_s, this};
        off->setEnabled(false);
        row->addWidget(off);
        auto *split = new SplitButton{ButtonKind::Primary, u"Send"_s, this};
        split->main()->setIconName(u"send"_s);
        split->setMenu(new QMenu{split});
        row->addWidget(split);
        row->addWidget(new IconButton{u"settings"_s, u"Settings"_s, this});
        auto *push = new QPushButton{u"Push button"_s, this};
        row->addWidget(push);
        auto *primary = new QPushButton{u"Default"_s, this};
        primary->setDefault(true);
        row->addWidget(primary);
        row->addStretch();
        layout->addLayout(row);
    }

    void addInputs(QVBoxLayout *layout)
    {
        auto *row = new QHBoxLayout;
        row->setSpacing(12);
        auto *edit = new QLineEdit{this};
        edit->setPlaceholderText(u"desk.northwind.example"_s);
        edit->setAccessibleName(u"Server"_s);
        row->addWidget(edit);
        row->addWidget(new SearchField{u"Search"_s, this});
        auto *combo = new QComboBox{this};
        combo->addItems({u"Comfortable"_s, u"Compact"_s});
        combo->setAccessibleName(u"Density"_s);
        row->addWidget(combo);
        auto *check = new QCheckBox{u"Remember me"_s, this};
        check->setChecked(true);
        row->addWidget(check);
        row->addWidget(new QCheckBox{u"Off"_s, this});
        auto *radio = new QRadioButton{u"Light"_s, this};
        radio->setChecked(true);
        row->addWidget(radio);
        row->addWidget(new QRadioButton{u"Dark"_s, this});
        auto *progress = new QProgressBar{this};
        progress->setValue(60);
        progress->setTextVisible(false);
        progress->setAccessibleName(u"Progress"_s);
        row->addWidget(progress, 1);
        layout->addLayout(row);
    }

    void addPills(QVBoxLayout *layout)
    {
        auto *row = new QHBoxLayout;
        row->setSpacing(8);
        for (const auto presence : {Presence::Online, Presence::Busy, Presence::Offline}) {
            auto *avatar = new Avatar{48, this};
            avatar->setLook({.name = u"Ines Okafor"_s, .presence = presence});
            row->addWidget(avatar);
        }
        for (const auto *name :
             {"Aiyana Brooks", "Kenji Watanabe", "Léa Fontaine", "Omar Haddad", "علي حسن", "😀 Joy"}) {
            auto *avatar = new Avatar{36, this};
            avatar->setLook({.name = QString::fromUtf8(name), .channelIcon = u"mail"_s});
            row->addWidget(avatar);
        }
        for (const auto tone : {Tone::Neutral, Tone::Accent, Tone::Ok, Tone::Warn, Tone::Bad})
            row->addWidget(new Pill{{u"Label"_s, u"tag"_s, tone}, this});
        for (const int count : {1, 12, 340}) {
            auto *badge = new Badge{this};
            badge->setCount(count);
            row->addWidget(badge);
        }
        row->addStretch();
        layout->addLayout(row);
    }
};

void save(QWidget &widget, const QString &name)
{
    const QDir folder{qEnvironmentVariable("DESKBELL_BUILD", u"."_s) + u"/screenshots"_s};
    QVERIFY(folder.mkpath(u"."_s));
    const auto picture = widget.grab();
    QVERIFY(picture.save(folder.filePath(name + u".png"_s)));
    const auto image = picture.toImage();
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 3) {
        for (int x = 0; x < image.width(); x += 3)
            colours.insert(image.pixel(x, y));
    }
    QVERIFY2(colours.size() > 12, "an empty picture");
}

void collectUnnamed(QAccessibleInterface *node, const QString &path, QStringList &unnamed, int &seen)
{
    if (!node || !node->isValid() || node->state().invisible)
        return;
    ++seen;
    const auto role = node->role();
    const bool control =
        role == QAccessible::Button || role == QAccessible::CheckBox || role == QAccessible::RadioButton ||
        role == QAccessible::EditableText || role == QAccessible::ComboBox || role == QAccessible::List ||
        role == QAccessible::ListItem || role == QAccessible::PageTab || role == QAccessible::PageTabList ||
        role == QAccessible::Link || role == QAccessible::ProgressBar || role == QAccessible::StaticText ||
        role == QAccessible::Graphic || role == QAccessible::AlertMessage;
    const auto here = path + u'/' +
                      (node->object() ? QString::fromLatin1(node->object()->metaObject()->className())
                                      : QString::number(role));
    if (control && node->text(QAccessible::Name).trimmed().isEmpty())
        unnamed << here;
    for (int i = 0; i < node->childCount(); ++i)
        collectUnnamed(node->child(i), here, unnamed, seen);
}

} // namespace

class WidgetGallery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void draws_data()
    {
        QTest::addColumn<int>("setting");
        for (std::size_t i = 0; i < settings().size(); ++i)
            QTest::newRow(qPrintable(settings()[i].name)) << static_cast<int>(i);
    }

    void draws()
    {
        QFETCH(int, setting);
        const auto &look = settings()[static_cast<std::size_t>(setting)];
        QGuiApplication::setLayoutDirection(look.direction);
        House house{*qApp};
        auto &theme = house.theme();
        theme.setMode(look.mode);
        theme.setTextScale(look.scale);
        const QSize size{static_cast<int>(1440 * look.scale), static_cast<int>(900 * look.scale)};
        drawScreen(look, size);
        drawParts(look);
        QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    }

    void everyControlHasAName()
    {
        House house{*qApp};
        Screen screen;
        screen.resize(1440, 900);
        screen.show();
        Parts parts;
        parts.resize(1000, 600);
        parts.show();
        QStringList unnamed;
        int seen = 0;
        collectUnnamed(QAccessible::queryAccessibleInterface(&screen), {}, unnamed, seen);
        collectUnnamed(QAccessible::queryAccessibleInterface(&parts), {}, unnamed, seen);
        QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
        QVERIFY(seen > 80);
    }

    void rightToLeftMirrorsTheScreen()
    {
        House house{*qApp};
        auto &theme = house.theme();
        theme.setMode(ThemeMode::Light);
        Screen screen;
        screen.resize(1440, 900);
        screen.setLayoutDirection(Qt::RightToLeft);
        screen.show();
        const auto centre = [&](QWidget *widget) {
            return widget->mapTo(&screen, widget->rect().center()).x();
        };
        QVERIFY(centre(screen.sidebar) > centre(screen.list));
        QVERIFY(centre(screen.list) > centre(screen.view));
        // The selected row's avatar stands at the right, the time at the left.
        const auto image = screen.list->grab().toImage();
        const auto tinted = [&](int from, int to) {
            int count = 0;
            const auto ground = theme.tokens().sel.rgb();
            for (int y = 16; y < 40; ++y) {
                for (int x = from; x < to; ++x)
                    count += image.pixel(x, y) != ground ? 1 : 0;
            }
            return count;
        };
        QVERIFY(tinted(352 - 56, 352 - 20) > 400);
        QVERIFY(tinted(20, 56) < 300);
    }

private:
    void drawScreen(const Setting &look, const QSize &size)
    {
        Screen screen;
        screen.resize(size);
        screen.show();
        QTest::qWait(50);
        save(screen, u"screen-"_s + look.name);
        screen.list->setCompact(true);
        screen.thread.setItems(sampleMail());
        screen.composer->setMode(ComposerMode::Note);
        screen.composer->setText(ComposerMode::Note, u"Check the packing 📦 before Friday."_s);
        screen.composer->setStrip(u"Offline. You can keep working; 3 messages will send when you’re back."_s,
                                  u"Queue"_s);
        screen.composer->setAttachments(
            {{u"1"_s, u"IMG_2047.jpg"_s, u"1.8 MB"_s, 60, false},
             {u"2"_s, u"a-very-long-name-of-a-file-indeed-2026.pdf"_s, u"88 KB"_s, -1, false},
             {u"3"_s, u"lamp.mov"_s, u"Too large"_s, -1, true}});
        Toast toast{&screen};
        toast.showMessage(u"Conversation resolved"_s, u"Undo (Ctrl+Z)"_s);
        QTest::qWait(50);
        save(screen, u"screen2-"_s + look.name);
        toast.dismiss();

        SampleCommands commands;
        CommandPalette palette{&screen};
        palette.open(commands, u"Order #4821"_s, u"assign"_s);
        QTest::qWait(50);
        save(screen, u"palette-"_s + look.name);
        palette.dismiss();

        EmojiPicker picker{&screen};
        picker.openAt(screen.composer->findChild<IconButton *>());
        QTest::qWait(50);
        save(screen, u"emoji-"_s + look.name);
    }

    static void drawParts(const Setting &look)
    {
        Parts parts;
        parts.resize(static_cast<int>(1100 * look.scale), static_cast<int>(620 * look.scale));
        parts.show();
        QTest::qWait(20);
        save(parts, u"parts-"_s + look.name);
        QMenu menu;
        menu.addAction(Theme::current().themedIcon(u"copy"_s), u"Copy\tCtrl+C"_s);
        menu.addAction(u"Copy message"_s);
        menu.addSeparator();
        auto *checked = menu.addAction(u"Compact"_s);
        checked->setCheckable(true);
        checked->setChecked(true);
        menu.addAction(u"Disabled"_s)->setEnabled(false);
        menu.addMenu(u"More"_s)->addAction(u"Nothing"_s);
        menu.ensurePolished();
        menu.resize(menu.sizeHint());
        save(menu, u"menu-"_s + look.name);
    }
};

REGISTER_TEST(WidgetGallery);
#include "tst_widget_gallery.moc"
