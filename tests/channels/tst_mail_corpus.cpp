#include "server/channels/email/email_codec.h"
#include "server/channels/email/email_inbound.h"
#include "server/channels/email/email_reply_html.h"
#include "server/channels/email/email_tnef.h"
#include "server/html/html_sanitiser.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "tests/channels/corpus.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace email = server::channels::email;
using base::Json;

namespace {

std::string folded(const std::string &text)
{
    std::istringstream words{text};
    std::string result, word;
    while (words >> word)
        result += (result.empty() ? "" : " ") + word;
    return result;
}

Json addresses(const std::vector<email::Address> &list)
{
    std::vector<std::string> result;
    for (const auto &one : list)
        result.push_back(base::lowered(one.address));
    std::sort(result.begin(), result.end());
    return result;
}

/// The fields that the outside parsers were asked for, of ours.
std::map<std::string, Json> oursOf(const email::Mail &mail)
{
    Json attachments = Json::array();
    for (const auto &one : mail.attachments)
        if (!one.name.empty())
            attachments.push_back({one.name, one.bytes.size(), one.sha256});
    std::sort(attachments.begin(), attachments.end());
    return {{"subject", folded(mail.subject)},
            {"from", addresses(mail.from)},
            {"to", addresses(mail.to)},
            {"cc", addresses(mail.cc)},
            {"messageId", mail.messageId},
            {"inReplyTo", mail.inReplyTo.empty() ? std::string{} : mail.inReplyTo.front()},
            {"references", mail.references},
            {"attachments", attachments}};
}

/// The same of one of them, when all three say it.
Json theirs(const Json &parser, const std::string &field)
{
    const auto &value = parser[field];
    if (field == "attachments") {
        Json result = Json::array();
        for (const auto &one : value)
            if (one["filename"].is_string())
                result.push_back({one["filename"], one["size"], one["sha256"]});
        std::sort(result.begin(), result.end());
        return result;
    }
    if (field == "from" || field == "to" || field == "cc") {
        std::vector<std::string> result;
        for (const auto &one : value)
            result.push_back(base::lowered(one.get<std::string>()));
        std::sort(result.begin(), result.end());
        return result;
    }
    if (field == "references")
        return value.is_array() ? value : value.is_string() ? Json::array({value}) : Json::array();
    if (field == "subject")
        return folded(value.is_string() ? value.get<std::string>() : std::string{});
    return value.is_string() ? value : Json(std::string{});
}

std::string withoutSpace(std::string text)
{
    for (const std::string from : {"&#160;", "\u00a0"})
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from))
            text.erase(at, from.size());
    std::erase_if(text, [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; });
    return text;
}

/// What stands in the body of a page.
std::string inBody(const std::string &page)
{
    const auto begin = page.find("<body>");
    const auto end = page.find("</body>");
    return begin == std::string::npos || end == std::string::npos ? std::string{}
                                                                  : page.substr(begin + 6, end - begin - 6);
}

} // namespace

/// Mail that others wrote and others read.
class MailCorpusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        if (!tests::hasCorpus())
            QSKIP("no test data beside the sources (set DESKBELL_SHARED)");
    }

    void everyMailIsRead()
    {
        const auto mails = tests::corpusMails();
        QVERIFY(mails.size() >= 100);
        for (const auto &name : mails) {
            const auto mail = email::readMail(tests::corpusFile(name));
            QVERIFY2(base::isUtf8(mail.subject) && base::isUtf8(mail.text) && base::isUtf8(mail.reply),
                     qPrintable(name));
            QVERIFY2(!mail.html || base::isUtf8(*mail.html), qPrintable(name));
            QVERIFY2(!mail.html || mail.html->find("<script") == std::string::npos, qPrintable(name));
            QVERIFY2(base::trimmed(mail.text).empty() == base::trimmed(mail.reply).empty(), qPrintable(name));
        }
    }

    void whatThreeParsersAgreeOnIsReadTheSame()
    {
        std::map<std::string, std::pair<int, int>> table; // field: same, all
        std::istringstream lines{tests::corpusFile(QStringLiteral("oracle.jsonl"))};
        std::string line;
        while (std::getline(lines, line)) {
            const auto entry = Json::parse(line);
            const auto name = QString::fromStdString(entry["file"].get<std::string>());
            const auto ours = oursOf(email::readMail(tests::corpusFile(name)));
            for (const auto &[field, agree] : entry["agree"].items()) {
                if (agree != 3)
                    continue;
                const auto expected = theirs(entry["mailparser"], field);
                auto &[same, all] = table[field];
                ++all;
                if (ours.at(field) == expected)
                    ++same;
                else
                    qInfo().noquote() << name << field.c_str() << "is" << ours.at(field).dump().c_str()
                                      << "not" << expected.dump().c_str();
            }
        }
        int same = 0, all = 0;
        for (const auto &[field, counts] : table) {
            qInfo("%-12s %4d of %4d", field.c_str(), counts.first, counts.second);
            same += counts.first;
            all += counts.second;
        }
        qInfo("%-12s %4d of %4d, %.2f %%", "all", same, all, 100.0 * same / all);
        QVERIFY(all > 900);
        QVERIFY(same * 100 >= all * 99);
    }

    void quotationsAreFolded()
    {
        const auto pairs = Json::parse(tests::corpusFile(QStringLiteral("reply-strip/pairs.json")));
        int same = 0, all = 0;
        for (const auto &pair : pairs) {
            const auto input = pair["input"].get<std::string>();
            const auto expected = pair["expected"].get<std::string>();
            std::string ours, wanted = expected;
            if (pair["kind"] == "html") {
                auto tree = server::html::parseBody(input);
                QVERIFY(tree);
                email::foldQuotes(*tree);
                ours = withoutSpace(server::html::sanitised(*tree, {}).html);
                wanted = withoutSpace(inBody(expected));
            } else {
                ours = email::readMail("Content-Type: text/plain; charset=utf-8\n\n" + input).reply;
            }
            ++all;
            if (ours == wanted)
                ++same;
            else
                qInfo().noquote() << pair["test"].get<std::string>().c_str() << "gives" << ours.c_str();
        }
        qInfo("%d of %d pairs", same, all);
        QVERIFY(all >= 15);
        QVERIFY(same * 10 >= all * 9);
    }

    void ofOutlooksPagesTheTopReplyStays_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("stays");
        QTest::addColumn<QString>("goes");
        QTest::newRow("office 365") << "office-365"
                                    << "It has been so great to chat"
                                    << "what a lovely email";
        QTest::newRow("namespaces") << "microsoft-namespaces"
                                    << "Hi John - Lorem ipsum"
                                    << "Sent:";
    }
    void ofOutlooksPagesTheTopReplyStays()
    {
        QFETCH(QString, file);
        QFETCH(QString, stays);
        QFETCH(QString, goes);
        const auto page = tests::corpusFile(QStringLiteral("reply-html/%1.html").arg(file));
        QVERIFY(!page.empty());
        const auto reply = email::readMail("Content-Type: text/html; charset=utf-8\n\n" + page).reply;
        QVERIFY2(QString::fromStdString(reply).contains(stays), reply.c_str());
        QVERIFY2(!QString::fromStdString(reply).contains(goes), reply.c_str());
    }

    void bouncesAreRecognised()
    {
        // What the mails say: these three are answers of machines, all others tell of a failed delivery. (The
        // last is a machine's sentence about an unknown user in no known form, from the null sender.)
        const std::set<std::string> answers{"aol-vacation.eml", "autoreply.eml", "polish-autoreply.eml",
                                            "warning-5.eml"};
        int bounces = 0;
        for (const auto &name : tests::corpusMails()) {
            const auto mail = email::readMail(tests::corpusFile(name));
            const auto file = name.section(QLatin1Char('/'), 1).toStdString();
            if (!name.startsWith(QStringLiteral("bounceparser/")))
                continue;
            QVERIFY2(mail.bounce.yes != answers.contains(file), qPrintable(name));
            QVERIFY2(mail.autoReply.yes == answers.contains(file), qPrintable(name));
            QVERIFY2(!(mail.bounce.yes ? mail.bounce.reason : mail.autoReply.reason).empty(),
                     qPrintable(name));
            QVERIFY2(!mail.loop.yes, qPrintable(name));
            bounces += mail.bounce.yes ? 1 : 0;
        }
        QCOMPARE(bounces, 16);
    }

    void ordinaryMailIsNoBounce()
    {
        for (const auto &name : tests::corpusMails()) {
            if (name.startsWith(QStringLiteral("bounceparser/")))
                continue;
            const auto mail = email::readMail(tests::corpusFile(name));
            // The delivery reports among them.
            const bool report = name.endsWith(QStringLiteral("msg_16.eml")) ||
                                name.endsWith(QStringLiteral("msg_25.eml")) ||
                                name.endsWith(QStringLiteral("msg_43.eml"));
            QVERIFY2(report || !mail.bounce.yes, qPrintable(name));
        }
    }

    void tnefIsOpened()
    {
        const auto read = email::readTnef(tests::corpusFile(QStringLiteral("tnef/attachments.dat")));
        QVERIFY(read);
        QCOMPARE(read->attachments.size(), std::size_t{2});
        QCOMPARE(read->attachments[0].name, std::string{"zappa_av1.jpg"});
        QVERIFY(read->attachments[0].bytes.starts_with("\xff\xd8\xff"));
        QCOMPARE(read->attachments[1].name, std::string{"bookmark.htm"});
        // Its first four bytes are wrong: a file like any other.
        const auto other = tests::corpusFile(QStringLiteral("tnef/badchecksum.dat"));
        QVERIFY(!email::readTnef(other));
        const auto mail = email::readMail("Content-Type: application/ms-tnef; name=winmail.dat\n"
                                          "Content-Transfer-Encoding: base64\n\n" +
                                          QByteArray::fromStdString(other).toBase64().toStdString());
        QCOMPARE(mail.attachments.size(), std::size_t{1});
        QVERIFY(mail.attachments[0].bytes == other);
        const auto torn = email::readTnef(tests::corpusFile(QStringLiteral("tnef/panic.dat")));
        QVERIFY(torn);
        qInfo("panic.dat: %zu attachments, %zu defects", torn->attachments.size(), torn->defects.size());
        QVERIFY(!torn->attachments.empty() || !torn->text.empty() || !torn->defects.empty());
    }
};

REGISTER_TEST(MailCorpusTest);
#include "tst_mail_corpus.moc"
