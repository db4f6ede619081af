// The app's real screens on a filled cache: what a frame, a key and a step cost. Prints one JSON object.
//
//   bench_app screens CONVERSATIONS [PART] offline, on a cache it fills itself (10 messages each, one of
//   1,000) bench_app catchup PROFILE            signed in and behind: seconds until it is live, longest block
//   bench_app first PROFILE              signed in with an empty cache: until rows are seen, until one can
//   work bench_app draft PROFILE              types into a reply for ever, telling the length so far; to be
//   killed
#include "client/app/desktop/desktop.h"
#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/features/conversations/logic/conversation_store.h"
#include "client/features/conversations/ui/composer_view.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/features/conversations/ui/conversation_view.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/commands/palette_controller.h"
#include "client/storage/search_index.h"
#include "client/sync/session.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/house.h"
#include "client/widgets/palette/command_palette.h"
#include "client/widgets/thread/thread_view.h"
#include "shared/base/json.h"
#include "shared/protocol/conversations/conversation_messages.h"
#include "tests/bench/app_probe.h"
#include "tests/bench/cache_fill.h"
#include "tests/support/fakes.h"

#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <random>

namespace {

using bench::measure;
using bench::PaintWatch;
using bench::Series;
using bench::spinUntil;

constexpr int longThread = 1000;

/// A profile as after a first sync, for a person who is never asked to sign in.
struct FilledProfile {
    explicit FilledProfile(int conversations)
    {
        client::storage::OutboxStore outbox{folder.filePath(QStringLiteral("outbox.db"))};
        client::storage::Identity identity;
        identity.server = "http://127.0.0.1:9";
        identity.device = {ids.next()};
        identity.user.id = {desk.me};
        identity.user.name = "Agent 1";
        identity.account.name = "Bench";
        outbox.setIdentity(identity);
        outbox.setSetting("device", identity.device.text());
        client::storage::CacheStore cache{folder.filePath(QStringLiteral("cache.db"))};
        all = bench::fillCache(cache, desk, conversations, 10, ids, random);
        big = bench::fillConversation(cache, desk, conversations + 1, longThread, ids, random);
        client::storage::SearchIndex index{cache.connection()};
        while (index.index(2000) > 0) {
        }
    }

    QTemporaryDir folder;
    tests::FakeClock clock;
    tests::SeededRandom bits{7};
    base::UuidMaker ids{clock, bits};
    std::mt19937_64 random{7};
    bench::Desk desk = made();
    std::vector<base::Uuid> all;
    base::Uuid big;

private:
    bench::Desk made()
    {
        bench::Desk people{ids.next(), ids.next(), {}, {ids.next(), ids.next(), ids.next()}};
        people.users = {people.me, ids.next(), ids.next(), ids.next()};
        return people;
    }
};

std::unique_ptr<client::desktop::Desktop> openDesktop(client::widgets::Theme &theme, const QString &profile,
                                                      bool offline)
{
    client::desktop::Options options{.profile = profile,
                                     .theme = client::widgets::ThemeMode::Light,
                                     .language = QStringLiteral("en"),
                                     .useKeychain = false,
                                     .offline = offline};
    auto desktop = client::desktop::Desktop::start(*qApp, theme, options);
    // The key of the cache comes first.
    if (!desktop || !QTest::qWaitFor([&] { return (*desktop)->workbench() != nullptr; })) {
        std::fputs("the profile cannot be opened\n", stderr);
        std::exit(1);
    }
    (*desktop)->show();
    (*desktop)->window().resize(1440, 900);
    (*desktop)->window().activateWindow();
    (void)QTest::qWaitForWindowActive(&(*desktop)->window());
    return std::move(*desktop);
}

/// The screens under measurement. Each function is one goal of the design.
class Screens {
public:
    Screens(client::desktop::Desktop &desktop, const FilledProfile &profile)
        : m_desktop{desktop}
        , m_desk{*desktop.workbench()}
        , m_profile{profile}
        , m_rows{desktop.window().findChild<QListView *>(QStringLiteral("conversationList"))}
    {
    }

    /// `only` names one part; empty: all.
    base::Json all(const QString &only)
    {
        base::Json result{{"rows", m_rows->model()->rowCount()}};
        const std::pair<const char *, std::function<void()>> parts[]{
            {"list_frame", [&] { result["list_frame"] = scroll().summary(); }},
            {"list_jump", [&] { result["list_jump"] = jump().summary(); }},
            {"open_long", [&] { result["open_long"] = openLong().summary(); }},
            {"append", [&] { result["append"] = append().summary(); }},
            {"resolve_next", [&] { result["resolve_next"] = resolveNext().summary(); }},
            {"palette", [&] { palette(result); }},
            {"key", [&] { result["key"] = typeReply().summary(); }},
            {"search", [&] { search(result); }},
            {"memory", [&] { memory(result); }},
        };
        for (const auto &[name, measure] : parts)
            if (only.isEmpty() || only == QLatin1String{name})
                measure();
        return result;
    }

private:
    domain::ConversationId at(int i) const
    {
        return {m_profile.all[m_profile.all.size() - 1 - static_cast<std::size_t>(i)]};
    }

    void open(const domain::ConversationId &id)
    {
        PaintWatch watch{m_desk.thread().thread()->viewport()};
        Series ignored;
        measure(ignored, watch, [&] { m_desk.list().select(id); });
    }

    Series scroll() // D7
    {
        Series series;
        PaintWatch watch{m_rows->viewport()};
        auto *bar = m_rows->verticalScrollBar();
        for (int frame = 0; frame < 600; ++frame)
            measure(series, watch, [&] { bar->setValue(bar->value() + 97); });
        return series;
    }

    Series jump() // D8
    {
        Series series;
        PaintWatch watch{m_rows->viewport()};
        auto *bar = m_rows->verticalScrollBar();
        std::mt19937 random{5};
        for (int i = 0; i < 200; ++i)
            measure(series, watch, [&] {
                int to = bar->value();
                while (to == bar->value())
                    to = static_cast<int>(random() % static_cast<unsigned>(std::max(2, bar->maximum())));
                bar->setValue(to);
            });
        bar->setValue(0);
        return series;
    }

    Series openLong() // D9
    {
        Series series;
        for (int i = 0; i < 30; ++i) {
            open(at(i));
            PaintWatch watch{m_desk.thread().thread()->viewport()};
            measure(series, watch, [&] { m_desk.list().select({m_profile.big}); });
        }
        return series;
    }

    Series append() // D10
    {
        Series series;
        open({m_profile.big});
        PaintWatch watch{m_desk.thread().thread()->viewport()};
        auto &session = m_desk.stores().session;
        for (int i = 0; i < 50; ++i) {
            const auto before = m_desk.stores().timeline.rowCount();
            client::sync::Order order;
            order.mid = session.newId();
            order.lane = "cv:" + m_profile.big.text();
            order.op = protocol::CreateMessage::name;
            order.args = base::toText(protocol::toJson(protocol::CreateMessage{
                m_profile.big, domain::MessageKind::Note, "Note " + std::to_string(i), {}}));
            measure(
                series, watch, [&] { session.submit(order); },
                [&] { return m_desk.stores().timeline.rowCount() > before; });
            QTest::qWait(60); // what follows a change is not part of the next one
        }
        return series;
    }

    Series resolveNext() // D11
    {
        Series series;
        open(at(20));
        PaintWatch watch{m_desk.thread().thread()->viewport()};
        for (int i = 0; i < 60; ++i) {
            const auto before = m_desk.thread().current();
            measure(
                series, watch, [&] { m_desk.commands().run(QStringLiteral("conversation.resolveAndNext")); },
                [&] { return m_desk.thread().current() != before; });
            QTest::qWait(120);
        }
        return series;
    }

    void palette(base::Json &result) // D12
    {
        Series opening;
        Series keys;
        auto &palette = m_desk.palette();
        std::vector<client::widgets::PaletteEntry> entries;
        std::mt19937_64 random{9};
        for (int i = 0; i < 5000; ++i)
            entries.push_back({.id = QString::number(i),
                               .group = QStringLiteral("Canned"),
                               .title = QString::fromStdString(bench::body(random)).left(40),
                               .icon = QStringLiteral("message-circle")});
        palette.addLevel(
            QStringLiteral("bench"), QStringLiteral("Bench"), [entries](const QString &) { return entries; },
            [](const QString &) {});
        auto *list = palette.view().findChild<QListView *>();
        auto *field = palette.view().findChild<QLineEdit *>();
        PaintWatch watch{list->viewport()};
        for (int round = 0; round < 20; ++round) {
            measure(opening, watch, [&] { palette.openLevel(QStringLiteral("bench")); });
            for (const auto letter : QStringLiteral("refund par"))
                measure(keys, watch, [&] { QTest::keyClick(field, letter.toLatin1()); });
            palette.view().dismiss();
            QCoreApplication::processEvents();
        }
        result["palette_open"] = opening.summary();
        result["palette_key"] = keys.summary();
    }

    Series typeReply() // D6
    {
        Series series;
        open(at(1));
        m_desk.commands().run(QStringLiteral("composer.reply"));
        auto *edit = m_desk.thread().composer()->box()->edit();
        std::mt19937_64 random{11};
        QString text;
        while (text.size() < 20'000)
            text += QString::fromStdString(bench::body(random)) + QStringLiteral(".\n");
        edit->setPlainText(text);
        edit->moveCursor(QTextCursor::End);
        QTest::qWait(200);
        PaintWatch watch{edit->viewport()};
        for (int i = 0; i < 200; ++i) {
            measure(series, watch, [&] { QTest::keyClick(edit, i % 6 == 5 ? ' ' : 'e'); });
            if (i % 20 == 19)
                QTest::qWait(30);
        }
        edit->setPlainText({});
        QTest::qWait(200);
        return series;
    }

    void search(base::Json &result) // D13
    {
        Series series;
        bench::BlockWatch blocks;
        double longest = 0;
        int answered = 0;
        const auto heard = QObject::connect(&m_desk.stores().conversations,
                                            &client::conversations::ConversationStore::searched, &m_desk,
                                            [&answered] { ++answered; });
        m_desk.list().openSearch();
        auto *field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
        const PaintWatch watch; // rows, or the words that there are none
        std::mt19937_64 random{13};
        for (int round = 0; field && round < 30; ++round) {
            auto query = bench::word(random);
            if (round % 3 == 0)
                query += " " + bench::word(random);
            QTest::qWait(30);
            blocks.restart();
            for (const char letter : query) {
                const int before = answered;
                measure(
                    series, watch, [&] { QTest::keyClick(field, letter); },
                    [&] { return answered > before; });
            }
            QTest::qWait(10);
            longest = std::max(longest, blocks.longestMs());
            field->clear();
        }
        QObject::disconnect(heard);
        result["search_key"] = series.summary();
        result["search_block_ms"] = longest;
        QTest::keyClick(field, Qt::Key_Escape);
    }

    void memory(base::Json &result) // D4
    {
        const auto visit = [&](int from, int to) {
            for (int i = from; i < to && i < static_cast<int>(m_profile.all.size()) - 1; ++i)
                open(at(i));
        };
        visit(100, 1100);
        result["rss_after_1000_mb"] = bench::residentMb();
        visit(1100, 2100);
        result["rss_after_2000_mb"] = bench::residentMb();
    }

    client::desktop::Desktop &m_desktop;
    client::desktop::Workbench &m_desk;
    const FilledProfile &m_profile;
    QListView *m_rows;
};

int screens(client::widgets::Theme &theme, int conversations, const QString &only)
{
    const FilledProfile profile{conversations};
    const auto desktop = openDesktop(theme, profile.folder.path(), true);
    std::printf("%s\n", base::toText(Screens{*desktop, profile}.all(only)).c_str());
    return 0;
}

int catchUp(client::widgets::Theme &theme, const QString &profile)
{
    bench::BlockWatch blocks;
    const auto desktop = openDesktop(theme, profile, false);
    auto &session = desktop->workbench()->stores().session;
    blocks.restart();
    QElapsedTimer since;
    since.start();
    const auto cpu = bench::threadCpuMs();
    const bool live =
        spinUntil([&] { return session.connection().kind == client::sync::ConnectionState::Kind::Live; });
    const auto seconds = static_cast<double>(since.nsecsElapsed()) / 1e9;
    QTest::qWait(500); // what the last commit left to be shown
    std::printf("%s\n", base::toText({{"live", live},
                                      {"seconds", seconds},
                                      {"longest_block_ms", blocks.longestMs()},
                                      {"gui_cpu_ms", bench::threadCpuMs() - cpu}})
                            .c_str());
    return live ? 0 : 1;
}

int first(client::widgets::Theme &theme, const QString &profile)
{
    QElapsedTimer since;
    since.start();
    const auto desktop = openDesktop(theme, profile, false);
    auto &stores = desktop->workbench()->stores();
    auto *rows = desktop->window().findChild<QListView *>(QStringLiteral("conversationList"));
    const PaintWatch watch{rows->viewport()};
    const auto haveMessages = [&](int wanted) {
        for (int i = 0; i < wanted; ++i) {
            const auto view = stores.conversations.find(stores.list.idAt(i));
            if (!view || !view->lowest)
                return false;
        }
        return true;
    };
    bool good = spinUntil([&] { return stores.list.rowCount() > 0; });
    const int before = watch.paints();
    good = spinUntil([&] { return watch.paints() > before; }) && good;
    const auto shown = static_cast<double>(since.nsecsElapsed()) / 1e6;
    QElapsedTimer looked; // asking after every event would be what is measured
    looked.start();
    good = spinUntil([&] {
               if (looked.elapsed() < 50 || stores.list.rowCount() < 200)
                   return false;
               looked.start();
               return haveMessages(200);
           }) &&
           good;
    std::printf("%s\n", base::toText({{"rows_ms", shown},
                                      {"can_work_ms", static_cast<double>(since.nsecsElapsed()) / 1e6},
                                      {"good", good}})
                            .c_str());
    return good ? 0 : 1;
}

int draft(client::widgets::Theme &theme, const QString &profile)
{
    const auto desktop = openDesktop(theme, profile, true);
    auto &desk = *desktop->workbench();
    desk.list().select(desk.stores().list.idAt(0));
    desk.commands().run(QStringLiteral("composer.reply"));
    auto *edit = desk.thread().composer()->box()->edit();
    edit->setPlainText({});
    for (;;) {
        QTest::keyClick(edit, 'd');
        std::printf("%d\n", static_cast<int>(edit->toPlainText().size()));
        std::fflush(stdout);
        QTest::qWait(40);
    }
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application{argc, argv};
    client::widgets::House house{application};
    const auto mode = application.arguments().value(1);
    const auto argument = application.arguments().value(2);
    if (mode == QStringLiteral("screens"))
        return screens(house.theme(), argument.toInt(), application.arguments().value(3));
    if (mode == QStringLiteral("catchup"))
        return catchUp(house.theme(), argument);
    if (mode == QStringLiteral("first"))
        return first(house.theme(), argument);
    if (mode == QStringLiteral("draft"))
        return draft(house.theme(), argument);
    std::fputs("bench_app screens|catchup|first|draft …\n", stderr);
    return 2;
}
