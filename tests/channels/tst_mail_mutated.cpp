#include "server/channels/email/email_codec.h"
#include "server/channels/email/email_inbound.h"
#include "server/html/html_tree.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "tests/channels/corpus.h"
#include "tests/support/register_test.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

namespace email = server::channels::email;
using server::html::Node;

namespace {

/// Mails of ours that hold what readers stumble over; those of others are added when they are there.
std::vector<std::string> seedMails()
{
    std::vector<std::string> seeds{
        "From: A <a@x>\nTo: G: b@x, c@x;, d@x\nSubject: =?utf-8?B?w6TDtsM=?= =?utf-8?B?vA==?=\nReferences: "
        "<a@x> <b@x>\n"
        "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain; charset=gb2312; "
        "format=flowed\n\n"
        "hi \nthere\n\nOn 3 Apr 2024, A <a@x> wrote:\n> q\n--b\nContent-Type: text/html\n\n<p "
        "style=\"color:red\">x<b><i>y</b>"
        "<table><td><div id=divRplyFwdMsg>From:</div></table><blockquote><img src=cid:a>\n--b\nContent-Type: "
        "image/png; "
        "name*0*=utf-8''%e2; name*1*=%82%ac\nContent-ID: <a>\nContent-Transfer-Encoding: "
        "base64\n\nAAAA\n--b--\n",
        "Return-Path: <>\nFrom: mailer-daemon@x\nContent-Type: multipart/report; "
        "report-type=delivery-status; boundary=b\n\n--b\n\nx\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\nFinal-Recipient: "
        "rfc822;a@x\nAction: failed\n"
        "Status: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <o@x>\nSubject: "
        "y\n\nbody\n--b--\n",
        std::string{
            "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: 8bit\n\n"} +
            std::string{"\x78\x9f\x3e\x22\x01\x00\x02\x02\x90\x06\x00\x02\x00\x00\x00\x00\x00\x00\x00"
                        "\x02\x10\x80\x01\x00\x04\x00\x00\x00"
                        "a.b\x00\xf1\x00",
                        6 + 9 + 2 + 2 + 9 + 4 + 2}};
    for (const auto &name : tests::corpusMails())
        if (auto bytes = tests::corpusFile(name); bytes.size() < 20'000)
            seeds.push_back(std::move(bytes));
    for (const auto *name : {"tnef/panic.dat"})
        if (auto bytes = tests::corpusFile(QLatin1String(name)); !bytes.empty())
            seeds.push_back("Content-Type: application/ms-tnef\nContent-Transfer-Encoding: 8bit\n\n" +
                            bytes.substr(0, 8'000));
    return seeds;
}

class Mutator {
public:
    explicit Mutator(std::uint64_t seed, const std::vector<std::string> &seeds)
        : m_random{seed}
        , m_seeds{seeds}
    {
    }

    std::string next()
    {
        auto bytes = m_seeds[below(m_seeds.size())];
        for (auto changes = 1 + below(8); changes > 0; --changes)
            change(bytes);
        return bytes;
    }

private:
    std::size_t below(std::size_t most)
    {
        return most == 0 ? 0 : static_cast<std::size_t>(m_random() % most);
    }

    void change(std::string &bytes)
    {
        static const std::vector<std::string> pieces{"\n\n",
                                                     "\r\n--b\r\n",
                                                     "--b--\n",
                                                     "=?utf-8?B?",
                                                     "?=",
                                                     "=?x?q?=FF?=",
                                                     "Content-Type: multipart/mixed; boundary=b\n\n",
                                                     "<div>",
                                                     "</b>",
                                                     "<table><b>",
                                                     "<svg><style>",
                                                     "&#x110000;",
                                                     "\xff\xfe",
                                                     std::string(3, '\0'),
                                                     "<a@",
                                                     ">;:,(((",
                                                     "\xe2\x80",
                                                     "Content-Transfer-Encoding: uuencode\n",
                                                     "begin 644 x\n",
                                                     "name*99999*=",
                                                     "; charset=utf-7",
                                                     "> > > ",
                                                     "wrote:\n"};
        const auto at = below(bytes.size() + 1);
        switch (below(6)) {
        case 0:
            if (at < bytes.size())
                bytes[at] = static_cast<char>(below(256));
            break;
        case 1:
            bytes.insert(at, pieces[below(pieces.size())]);
            break;
        case 2:
            bytes.erase(at, below(200));
            break;
        case 3:
            bytes.insert(at, bytes.substr(below(bytes.size() + 1), below(400)));
            break;
        case 4:
            bytes.resize(at);
            break;
        default:
            const auto &other = m_seeds[below(m_seeds.size())];
            bytes.insert(at, other.substr(below(other.size() + 1), below(800)));
            break;
        }
    }

    std::mt19937_64 m_random;
    const std::vector<std::string> &m_seeds;
};

bool isClean(const Node &node)
{
    static const std::set<std::string> never{"script", "style", "iframe", "object",  "embed",
                                             "form",   "input", "button", "link",    "meta",
                                             "base",   "video", "audio",  "unknown", "textarea"};
    if (never.contains(node.tag))
        return false;
    for (const auto &[name, value] : node.attributes) {
        const auto lowered = base::lowered(value);
        if (name.starts_with("on") || name == "srcset" || name == "class" || name == "id")
            return false;
        if (name == "href" && !lowered.starts_with("http") && !lowered.starts_with("mailto:") &&
            !lowered.starts_with("tel:"))
            return false;
        if (name == "src" && !lowered.starts_with("cid:") && !lowered.starts_with("data:image/"))
            return false;
        if (name == "style" &&
            (lowered.find("url") != std::string::npos || lowered.find("position") != std::string::npos))
            return false;
    }
    return std::all_of(node.children.begin(), node.children.end(),
                       [](const Node &child) { return isClean(child); });
}

/// As a browser would read it once more.
bool isClean(const std::string &html)
{
    const auto lowered = base::lowered(html); // of text there is no "<" left
    for (const std::string_view bad :
         {"<script", "<style", "<iframe", "<svg", "<math", "<object", "<form", "<!"})
        if (lowered.find(bad) != std::string::npos)
            return false;
    const auto tree = server::html::parseBody(html, {.bytes = 16u << 20});
    return !tree || isClean(*tree);
}

/// What must hold of any mail; the name of what does not.
const char *broken(const email::Mail &mail, const email::Limits &limits)
{
    for (const auto *text : {&mail.subject, &mail.messageId, &mail.text, &mail.reply, &mail.bounce.reason,
                             &mail.autoReply.reason})
        if (!base::isUtf8(*text))
            return "text that is no UTF-8";
    if (mail.text.size() > limits.textBytes || mail.reply.size() > mail.text.size() + limits.textBytes)
        return "text over its limit";
    if (mail.html && !isClean(*mail.html))
        return "HTML that is not clean";
    for (const auto &one : mail.attachments)
        if (one.sha256.size() != 64 || one.name.find('/') != std::string::npos || !base::isUtf8(one.name))
            return "an attachment";
    if (mail.bounce.yes == mail.bounce.reason.empty() || mail.autoReply.yes == mail.autoReply.reason.empty())
        return "a verdict without a reason";
    return nullptr;
}

} // namespace

/// Mails with anything wrong in them: bounded in time, with a seed that is printed and can be given.
class MailMutatedTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anyMailIsRead()
    {
        const auto given = qEnvironmentVariable("DESKBELL_SEED");
        const auto seed = given.isEmpty() ? std::random_device{}() : given.toULongLong();
        const int most = qEnvironmentVariableIsSet("DESKBELL_LONG") ? 300'000 : 20'000;
        qInfo("seed %llu (give it as DESKBELL_SEED)", static_cast<unsigned long long>(seed));
        const auto seeds = seedMails();
        Mutator mutator{seed, seeds};
        email::Reading reading;
        QElapsedTimer clock;
        clock.start();
        int read = 0;
        for (; read < most && (qEnvironmentVariableIsSet("DESKBELL_LONG") || clock.elapsed() < 20'000);
             ++read) {
            const auto bytes = mutator.next();
            const auto mail = email::readMail(bytes, reading);
            const auto *const wrong = broken(mail, reading.limits);
            QVERIFY2(!wrong, qPrintable(QStringLiteral("%1 in mail %2 of seed %3")
                                            .arg(QLatin1String{wrong})
                                            .arg(read)
                                            .arg(seed)));
            QVERIFY(base::isUtf8(base::toText(email::toJson(mail))));
        }
        qInfo("%d mails in %lld ms", read, static_cast<long long>(clock.elapsed()));
        QVERIFY(read > 100);
    }
};

REGISTER_TEST(MailMutatedTest);
#include "tst_mail_mutated.moc"
