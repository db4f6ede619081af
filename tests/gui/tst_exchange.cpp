#include "client/app/desktop/workbench.h"
#include "client/features/conversations/ui/composer_view.h"
#include "client/shell/commands/command_table.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/theme/theme.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/support/register_test.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using client::widgets::ComposerMode;
using client::widgets::ThemeMode;
using tests::GuiDesk;
using tests::RealServer;

namespace {

constexpr int patience = 15000; // ms

QJsonObject json(const char *text)
{
    return QJsonDocument::fromJson(text).object();
}

} // namespace

/// What agents see of an inbox that takes replies for a while only, and of what bots and customers exchange.
class ExchangeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        const auto inbox = m_server.post(
            QStringLiteral("/inboxes"),
            json(
                R"({"name":"App","channel":{"type":"api","additional_attributes":{"agent_reply_time_window":24}}})"));
        const auto contact = m_server.post(QStringLiteral("/contacts"), json(R"({"name":"Mara Lindqvist"})"));
        const auto id = contact[u"payload"][u"contact"][u"id"].toInteger();
        const auto made = m_server.post(
            QStringLiteral("/conversations"),
            {{QStringLiteral("inbox_id"), inbox[u"id"].toInteger()}, {QStringLiteral("contact_id"), id}});
        m_number = made[u"id"].toInteger();
        QVERIFY2(m_number > 0, QJsonDocument{made}.toJson().constData());
        QVERIFY(m_desk.open(m_server.url()));
        QVERIFY(m_desk.signIn());
        QTRY_VERIFY_WITH_TIMEOUT(stores().conversations.byNumber(m_number), patience);
        desk().openConversation(*stores().conversations.byNumber(m_number), false);
    }
    void cleanupTestCase()
    {
        tests::theme().setMode(ThemeMode::Light);
        m_desk.close();
    }

    void aClosedReplyWindowIsToldBeforehandAndKeepsDraftsAndNotes()
    {
        QTRY_VERIFY_WITH_TIMEOUT(strip().contains(QStringLiteral("once the customer has written")), patience);
        m_desk.find(QStringLiteral("messages"))->setFocus();
        m_desk.press(Qt::Key_R);
        m_desk.type(QStringLiteral("Good morning"));
        QVERIFY(!composer().state().canSend);
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(box()->text(), QStringLiteral("Good morning"));
        looks(QStringLiteral("reply-window-closed"));

        box()->setMode(ComposerMode::Note);
        composer().setMode(client::conversations::ComposerPresenter::Mode::Note);
        box()->edit()->setFocus();
        m_desk.type(QStringLiteral("Nobody asked yet"));
        QVERIFY(composer().state().canSend);
        QVERIFY(!strip().contains(QStringLiteral("once the customer has written")));
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk.messages().filter(QStringLiteral("Nobody asked yet")).isEmpty(),
                                 patience);
        composer().setMode(client::conversations::ComposerPresenter::Mode::Reply);

        write(R"({"content":"Is anybody there?","message_type":"incoming"})");
        QTRY_VERIFY_WITH_TIMEOUT(composer().state().closed.isEmpty(), patience);
        QCOMPARE(composer().state().text[0], QStringLiteral("Good morning")); // the draft is still here
        QVERIFY(composer().state().canSend);
    }

    void whatBotsAndCustomersExchangeCanBeRead()
    {
        write(R"({"content":"Which size?","content_type":"input_select","content_attributes":{"items":[
            {"title":"Small","value":"s"},{"title":"Large","value":"l"}],
            "submitted_values":[{"title":"Large","value":"l"}]}})");
        write(R"({"content":"Two that we have","content_type":"cards","content_attributes":{"items":[
            {"title":"Arc lamp","description":"Brass","actions":[{"type":"postback","text":"This one","payload":"arc"}]},
            {"title":"Table lamp","description":"Oak"}]}})");
        write(R"({"content":"Where to?","content_type":"form","content_attributes":{"items":[
            {"name":"street","label":"Street","type":"text"},{"name":"when","label":"When","type":"select",
             "options":[{"label":"Morning","value":"am"}]}],
            "submitted_values":[{"name":"street","value":"Elm 5"},{"name":"when","value":"am"}]}})");
        write(R"({"content":"This may help","content_type":"article","content_attributes":{"items":[
            {"title":"How to fit a bulb","description":"In four steps","link":"https://shop.example/bulb"}]}})");
        write(R"({"content":"How was it?","content_type":"input_csat","content_attributes":{
            "submitted_values":{"csat_survey_response":{"rating":4,"feedback_message":"Quick"}}}})");
        write(R"({"content":"Your address?","content_type":"input_email"})");
        const auto gone = write(R"({"content":"A slip of the pen"})");
        m_server.call("DELETE", path(QStringLiteral("/messages/%1").arg(gone)), {});
        for (const auto *shown :
             {"The customer chose: Large", "Arc lamp", "[This one]", "Street: Elm 5", "When: Morning",
              "How to fit a bulb", "4 of 5", "Quick", "Not answered yet", "This message was deleted."})
            QTRY_VERIFY2_WITH_TIMEOUT(!m_desk.messages().filter(QString::fromUtf8(shown)).isEmpty(), shown,
                                      patience);
        QVERIFY(m_desk.messages().filter(QStringLiteral("A slip of the pen")).isEmpty());
        looks(QStringLiteral("bot-exchange"));
    }

private:
    client::desktop::Workbench &desk() { return *m_desk.desktop().workbench(); }
    client::desktop::DeskStores &stores() { return desk().stores(); }
    client::widgets::Composer *box()
    {
        return m_desk.find<client::widgets::Composer>(QStringLiteral("composer"));
    }
    client::conversations::ComposerPresenter &composer() { return stores().composer; }
    QString strip()
    {
        const auto banners =
            box() ? box()->findChildren<client::widgets::Banner *>() : QList<client::widgets::Banner *>{};
        for (const auto *banner : banners)
            if (banner->isVisible())
                return banner->accessibleName();
        return {};
    }
    QString path(const QString &tail) { return QStringLiteral("/conversations/%1").arg(m_number) + tail; }
    qint64 write(const char *message)
    {
        const auto made = m_server.post(path(QStringLiteral("/messages")), json(message));
        if (!made.contains(QStringLiteral("id")))
            qWarning("refused: %s", QJsonDocument{made}.toJson().constData());
        return made[u"id"].toInteger();
    }
    void looks(const QString &name)
    {
        for (const auto mode : {ThemeMode::Light, ThemeMode::Dark}) {
            tests::theme().setMode(mode);
            m_desk.shot(name +
                        (mode == ThemeMode::Dark ? QStringLiteral("-dark") : QStringLiteral("-light")));
        }
        tests::theme().setMode(ThemeMode::Light);
    }

    RealServer m_server;
    GuiDesk m_desk;
    qint64 m_number = 0;
};

REGISTER_TEST(ExchangeTest);
#include "tst_exchange.moc"
