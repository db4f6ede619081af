#include "server/channels/email/email_codec.h"
#include "server/channels/email/email_inbound.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <string>

namespace email = server::channels::email;
using email::Mail;
using email::readMail;

namespace {

Mail plain(const std::string &text)
{
    return readMail("From: a@example.com\nContent-Type: text/plain; charset=utf-8\n\n" + text);
}

Mail page(const std::string &html)
{
    return readMail("From: a@example.com\nContent-Type: text/html; charset=utf-8\n\n" + html);
}

bool has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

std::string repeated(const std::string &text, int times)
{
    std::string result;
    for (int i = 0; i < times; ++i)
        result += text;
    return result;
}

} // namespace

/// Mails made by hand, each with one thing in it that goes wrong in practice.
class MailReadingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsAMailToo()
    {
        for (const std::string bytes :
             {"", "\n", "\0\0\0", "From ", ":", " : x\n\n", "\xff\xfe\xfd", "\r\r\r"}) {
            const auto mail = readMail(bytes);
            QVERIFY(mail.from.empty() && !mail.bounce.yes);
        }
    }

    void encodedWordsAreDecodedAlsoWhenCutInsideACharacter()
    {
        QCOMPARE(readMail("Subject: =?utf-8?B?w6TDtsM=?=\n =?utf-8?B?vA==?=\n\n").subject,
                 std::string{"äöü"});
        QCOMPARE(readMail("Subject: =?utf-8?Q?=C3=A4=C3?= =?UTF-8?q?=B6_x?=\n\n").subject,
                 std::string{"äö x"});
        QCOMPARE(readMail("Subject: a =?iso-8859-1?Q?=80?= b\n\n").subject, std::string{"a € b"});
        QCOMPARE(readMail("Subject: caf\xe9\n\n").subject, std::string{"café"});
        QCOMPARE(readMail("Subject: =?x-nobody?Q?abc?=\n\n").subject.empty(), false);
    }

    void addressesInGroupsAreFound()
    {
        const auto mail =
            readMail("From: =?utf-8?Q?J=C3=B6rg?= <j@example.com>\n"
                     "To: Team: Ann <ann@example.com>, bob@example.com;, \"Last, First\" <c@example.com>\n"
                     "Cc: undisclosed-recipients:;\n\n");
        QCOMPARE(mail.from.front(), (email::Address{"Jörg", "j@example.com", ""}));
        QCOMPARE(mail.to.size(), std::size_t{3});
        QCOMPARE(mail.to[0], (email::Address{"Ann", "ann@example.com", "Team"}));
        QCOMPARE(mail.to[1], (email::Address{"", "bob@example.com", "Team"}));
        QCOMPARE(mail.to[2], (email::Address{"Last, First", "c@example.com", ""}));
        QVERIFY(mail.cc.empty());
    }

    void idsAreFoundHoweverTheyAreWritten()
    {
        const auto mail =
            readMail("Message-ID: <one@x>\nIn-Reply-To: Your message of today <two@x> <three@x>\n"
                     "References: <a@x>\n\t<b@\n x> <c@x>\n\n");
        QCOMPARE(mail.messageId, std::string{"<one@x>"});
        QCOMPARE(mail.inReplyTo, (std::vector<std::string>{"<two@x>", "<three@x>"}));
        QCOMPARE(mail.references, (std::vector<std::string>{"<a@x>", "<b@x>", "<c@x>"}));
        QCOMPARE(readMail("Message-ID: bare@x\n\n").messageId, std::string{"<bare@x>"});
    }

    void charsetsThatLieAreSeenThrough_data()
    {
        QTest::addColumn<QByteArray>("charset");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("cp1252 called latin 1")
            << QByteArray{"iso-8859-1"} << QByteArray{"\x93hi\x94 5 \x80"} << QStringLiteral("“hi” 5 €");
        QTest::newRow("utf-8 called ascii")
            << QByteArray{"us-ascii"} << QByteArray{"gr\xc3\xbc\xc3\x9f"} << QStringLiteral("grüß");
        QTest::newRow("nothing said")
            << QByteArray{} << QByteArray{"gr\xc3\xbc\xc3\x9f"} << QStringLiteral("grüß");
        QTest::newRow("unknown name")
            << QByteArray{"x-unknown"} << QByteArray{"gr\xc3\xbc\xc3\x9f"} << QStringLiteral("grüß");
        QTest::newRow("gb2312 is gb18030")
            << QByteArray{"gb2312"} << QByteArray{"\xc4\xe3\xba\xc3"} << QStringLiteral("你好");
        QTest::newRow("korean") << QByteArray{"ks_c_5601-1987"} << QByteArray{"\xbe\xc8\xb3\xe7"}
                                << QStringLiteral("안녕");
        QTest::newRow("japanese") << QByteArray{"iso-2022-jp"} << QByteArray{"\x1b$B$3$s\x1b(B"}
                                  << QStringLiteral("こん");
        QTest::newRow("utf-7") << QByteArray{"unicode-1-1-utf-7"} << QByteArray{"Gr+APwA3w-e"}
                               << QStringLiteral("Grüße");
    }
    void charsetsThatLieAreSeenThrough()
    {
        QFETCH(QByteArray, charset);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        const auto named = charset.isEmpty() ? std::string{} : "; charset=" + charset.toStdString();
        auto mail = readMail("Content-Type: text/plain" + named + "\nContent-Transfer-Encoding: 8bit\n\n" +
                             bytes.toStdString());
        QCOMPARE(QString::fromStdString(mail.text), text);
    }

    void flowedLinesArePutTogether()
    {
        const auto mail = readMail("Content-Type: text/plain; format=flowed; delsp=yes\n\none \ntwo\n> "
                                   "quoted \n> more\n -x\n-- \nAnn\n");
        QCOMPARE(mail.text, std::string{"onetwo\n> quotedmore\n-x\n-- \nAnn\n"});
    }

    void attachmentsHaveNameTypeSizeAndSum()
    {
        const auto mail =
            readMail("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhi\n--b\n"
                     "Content-Type: Application/PDF; name*0*=utf-8''%e2%82%ac; name*1=\" rate.pdf\"\n"
                     "Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nYWJj\n--b\n"
                     "Content-Type: application/x-thing; name=\"../../etc/pass\u202ewd\"\n\nx\n--b--\n");
        QCOMPARE(mail.attachments.size(), std::size_t{2});
        QCOMPARE(mail.attachments[0].name, std::string{"€ rate.pdf"});
        QCOMPARE(mail.attachments[0].type, std::string{"application/pdf"});
        QCOMPARE(mail.attachments[0].bytes, std::string{"abc"});
        QCOMPARE(mail.attachments[0].sha256,
                 std::string{
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}); // FIPS 180-2, B.1
        QCOMPARE(mail.attachments[1].name, std::string{"passwd"});
        QCOMPARE(mail.text, std::string{"hi"});
    }

    void htmlIsCleanedAndRemoteImagesAreBlocked()
    {
        const auto mail = page(
            "<html><head><style>*{x:y}</style></head><body onload=\"x()\"><p "
            "style=\"color:red;position:fixed;"
            "background:url(http://t)\">Hi<script>alert(1)</script> <a href=\" java\tscript:x()\">bad</a> "
            "<a href=\"https://example.com/?a=1&b=2\" onclick=x>good</a><img src=\"https://t.example/p.gif\" "
            "width=1>"
            "<svg><script>x</script></svg><form action=x><input name=p>ask</form><!--[if "
            "mso]>x<![endif]--></body></html>");
        QVERIFY(mail.html);
        QCOMPARE(
            *mail.html,
            std::string{
                "<p style=\"color:red\">Hi <a>bad</a> "
                "<a href=\"https://example.com/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">good</a>"
                "<img width=\"1\" data-remote-src=\"https://t.example/p.gif\"></p>ask"});
        QCOMPARE(mail.remoteImages, 1);
        QCOMPARE(mail.text, std::string{"Hi bad good <https://example.com/?a=1&b=2>\n\nask"});
    }

    void imagesOfTheMailAreShown()
    {
        const auto mail =
            readMail("Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
                     "<img src=\"cid:a@x\"><img src=cid:other>\n--b\nContent-Type: image/png\nContent-ID: "
                     "<a@x>\n\nPNG\n"
                     "--b\nContent-Type: image/png\nContent-ID: <unused@x>\n\nPNG2\n--b--\n");
        QVERIFY(mail.html && has(*mail.html, "<img src=\"cid:a@x\">"));
        QVERIFY(!has(*mail.html, "other"));
        QVERIFY(mail.attachments[0].isInline);
        QVERIFY(!mail.attachments[1].isInline);
    }

    void theBestFormOfAnAlternativeCounts()
    {
        const auto mail = readMail(
            "Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; "
            "boundary=a\n\n"
            "--a\nContent-Type: text/plain\n\nwords\n--a\nContent-Type: text/html\n\n<b>words</b>\n--a--\n"
            "--m\nContent-Type: text/plain\n\na <footer>\n--m--\n");
        QCOMPARE(mail.text, std::string{"words\na <footer>"});
        QVERIFY(mail.html && has(*mail.html, "<b>words</b>") && has(*mail.html, "a &lt;footer&gt;"));
    }

    void answersLoseWhatTheyQuote_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reply");
        const auto row = [](const char *name, const char *text, const char *reply) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(reply);
        };
        row("german", "Ja\n\nAm 03.04.2024 um 10:00 schrieb Anna Muster <a@b.de>:\n> Frage", "Ja");
        row("german, name last", "Ja\n\nAm Mi., 3. Apr. 2024 schrieb Anna <a@b.de>:\n\n> Frage", "Ja");
        row("french, two lines",
            "Oui\n\nLe mer. 3 avr. 2024 à 10:00, Anna Longnom\n<a@b.fr> a écrit :\n\n> Question", "Oui");
        row("spanish", "Sí\n\nEl mié, 3 abr 2024 a las 10:00, Ana (<a@b.es>) escribió:\n\n> P", "Sí");
        row("italian", "Si\n\nIl giorno mer 3 apr 2024 alle ore 10:00 Anna <a@b.it> ha scritto:\n\n> D",
            "Si");
        row("dutch", "Ja\n\nOp wo 3 apr 2024 om 10:00 schreef Anna <a@b.nl>:\n\n> V", "Ja");
        row("portuguese", "Sim\n\nEm qua., 3 de abr. de 2024 às 10:00, Ana <a@b.br> escreveu:\n\n> P", "Sim");
        row("polish", "Tak\n\nśr., 3 kwi 2024 o 10:00 Anna <a@b.pl> napisał(a):\n\n> P", "Tak");
        row("swedish", "Ja\n\nDen ons 3 apr. 2024 kl 10:00 skrev Anna <a@b.se>:\n\n> F", "Ja");
        row("russian", "Да\n\nср, 3 апр. 2024 г. в 10:00, Анна <a@b.ru>:\n\n> В",
            "Да\n\nср, 3 апр. 2024 г. в 10:00, Анна <a@b.ru>:");
        row("russian, with the verb", "Да\n\n3 апреля 2024 г. Анна <a@b.ru> пишет:\n\n> В", "Да");
        row("turkish", "Evet\n\nAnna <a@b.tr>, 3 Nis 2024 Çar, 10:00 tarihinde şunu yazdı:\n\n> S", "Evet");
        row("chinese", "好\n\n2024年4月3日 10:00，Anna <a@b.cn> 写道：\n\n> 问", "好");
        row("japanese", "はい\n\n2024年4月3日(水) 10:00 Anna <a@b.jp>:\n> 問",
            "はい\n\n2024年4月3日(水) 10:00 Anna <a@b.jp>:");
        row("not marked", "Yes\n\nOn 3 Apr 2024, Anna wrote:\nWhat I asked", "Yes");
        row("below the quotation", "On 3 Apr 2024, Anna <a@b> wrote:\n> Q\n\nMy answer", "My answer");
        row("between", "On 3 Apr 2024, Anna <a@b> wrote:\n> One?\nyes\n> Two?\nno",
            "On 3 Apr 2024, Anna <a@b> wrote:\n> One?\nyes\n> Two?\nno");
        row("signature", "Hello\n-- \nAnn\nAcme", "Hello");
        row("telephone", "Ok\n\nSent from my iPhone", "Ok");
        row("nothing but a signature", "-- \nAnn", "-- \nAnn");
        row("a sentence", "On the wall he wrote:\nfoo", "On the wall he wrote:\nfoo");
        row("outlook",
            "Fine\n\n________________________________\nFrom: A <a@b>\nSent: Monday\nTo: B\nSubject: Re: "
            "x\n\nold",
            "Fine");
        row("forwarded",
            "---------- Forwarded message ----------\nFrom: A <a@b>\nDate: Mon\nSubject: x\nTo: B\n\nplease "
            "help",
            "---------- Forwarded message ----------\nFrom: A <a@b>\nDate: Mon\nSubject: x\nTo: B\n\nplease "
            "help");
    }
    void answersLoseWhatTheyQuote()
    {
        QFETCH(QString, text);
        QFETCH(QString, reply);
        QCOMPARE(QString::fromStdString(plain(text.toStdString()).reply), reply);
    }

    void pagesLoseWhatTheyQuote()
    {
        QCOMPARE(
            page("<div>Yes</div><div class=\"gmail_quote\">On Mon <blockquote>old</blockquote></div>").reply,
            std::string{"Yes"});
        QCOMPARE(page("<p>Yes</p><div class=moz-cite-prefix>On 3.4.2024 A wrote:</div><blockquote "
                      "type=cite>old</blockquote><p>below</p>")
                     .reply,
                 std::string{"Yes\n\nbelow"});
        const auto between =
            page("<blockquote>one?</blockquote><p>yes</p><blockquote>two?</blockquote><p>no</p>").reply;
        QVERIFY2(has(between, "one?") && has(between, "yes") && has(between, "no"), between.c_str());
        QCOMPARE(page("<blockquote>all of it</blockquote>").reply, std::string{"> all of it"});
    }

    void machinesAreRecognised_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<bool>("automatic");
        QTest::newRow("RFC 3834") << "Auto-Submitted: auto-replied" << true;
        QTest::newRow("generated, with a comment") << "Auto-Submitted: auto-generated (cron)" << true;
        QTest::newRow("a person") << "Auto-Submitted: no" << false;
        QTest::newRow("precedence") << "Precedence: auto_reply" << true;
        QTest::newRow("x-autoreply") << "X-Autoreply: yes" << true;
        QTest::newRow("exchange") << "X-Auto-Response-Suppress: All" << true;
        QTest::newRow("null sender") << "Return-Path: <>" << true;
        QTest::newRow("subject") << "Subject: Automatic reply: gone" << true;
        QTest::newRow("german subject") << "Subject: Abwesenheitsnotiz: weg" << true;
        QTest::newRow("about it") << "Subject: My out of office does not work" << false;
        QTest::newRow("a list") << "List-Id: <x.example>\nPrecedence: bulk" << false;
    }
    void machinesAreRecognised()
    {
        QFETCH(QString, header);
        QFETCH(bool, automatic);
        const auto mail = readMail("From: a@example.com\n" + header.toStdString() + "\n\nhi");
        QCOMPARE(mail.autoReply.yes, automatic);
        QCOMPARE(mail.autoReply.reason.empty(), !automatic);
    }

    void aDelayIsNoBounce()
    {
        const auto report = [](const std::string &action) {
            return "From: mailer-daemon@example.com\nSubject: Delivery Status Notification\nContent-Type: "
                   "multipart/report; "
                   "report-type=delivery-status; boundary=b\n\n--b\n\nsorry\n--b\nContent-Type: "
                   "message/delivery-status\n\n"
                   "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.com\nAction: " +
                   action +
                   "\nStatus: 4.4.1\nDiagnostic-Code: smtp; 451 wait\n\n--b\nContent-Type: "
                   "text/rfc822-headers\n\n"
                   "Message-ID: <ours@example.com>\n--b--\n";
        };
        const auto delayed = readMail(report("delayed"));
        QVERIFY(!delayed.bounce.yes && !delayed.autoReply.yes);
        QCOMPARE(delayed.bounce.recipients.size(), std::size_t{1});
        QCOMPARE(delayed.bounce.recipients[0].action, std::string{"delayed"});
        QCOMPARE(delayed.bounce.originalMessageId, std::string{"<ours@example.com>"});
        const auto failed = readMail(report("failed"));
        QVERIFY(failed.bounce.yes);
        QCOMPARE(failed.bounce.recipients[0].diagnostic, std::string{"smtp; 451 wait"});
        QVERIFY(!readMail("From: postmaster@example.com\nSubject: Warning: could not send message for past 4 "
                          "hours\n\n")
                     .bounce.yes);
        QVERIFY(
            !readMail("From: ann@example.com\nSubject: My mail came back undeliverable\n\nwhy?").bounce.yes);
    }

    void circlesAreSeen()
    {
        const std::string mail = "From: help@our.example\nTo: x@example.com\n\nhi";
        QVERIFY(!readMail(mail).loop.yes);
        QVERIFY(readMail(mail, {.ownAddresses = {"HELP@our.example"}, .limits = {}}).loop.yes);
        QVERIFY(readMail("Delivered-To: a@x\nDelivered-To: A@x\n\n").loop.yes);
        QVERIFY(!readMail("Delivered-To: a@x\nDelivered-To: b@x\n\n").loop.yes);
        QVERIFY(readMail(repeated("Received: from a by b\n", 80) + "\n").loop.yes);
    }

    void everythingIsBounded()
    {
        std::string deep = "Content-Type: multipart/mixed; boundary=b0\n\n";
        for (int i = 0; i < 400; ++i)
            deep += "--b" + std::to_string(i) + "\nContent-Type: multipart/mixed; boundary=b" +
                    std::to_string(i + 1) + "\n\n";
        QVERIFY(!readMail(deep).defects.empty());
        const auto many = readMail("Content-Type: multipart/mixed; boundary=b\n\n" +
                                   repeated("--b\nContent-Type: image/png\n\nx\n", 3'000) + "--b--\n");
        QVERIFY(many.attachments.size() <= 1'000 && !many.defects.empty());
        QVERIFY(!readMail("X: " + std::string(2u << 20, 'x') + "\n\nhi").defects.empty());
        const auto crowd = readMail("To: " + repeated("a@example.com, ", 16'000) + "b@example.com\n\n");
        QVERIFY(crowd.to.size() <= 10'000 && crowd.to.size() > 1'000);
        QVERIFY(plain(std::string(3u << 20, 'x')).text.size() <= (1u << 20));
        QVERIFY(!page(repeated("<div>", 50'000)).defects.empty());
        std::string formats;
        for (int i = 0; i < 900; ++i)
            formats += "<b id=" + std::to_string(i) + ">";
        const auto misnested = page(formats + repeated("<p>x", 100'000));
        QVERIFY(!misnested.defects.empty() || misnested.html);
        QCOMPARE(
            readMail(std::string(100, 'x'), {.ownAddresses = {}, .limits = {.bytes = 10}}).defects.size(),
            std::size_t{1});
    }

    void theAnswerForProgramsHasAllFields()
    {
        const auto json = email::toJson(readMail("Subject: x\n\nhi"));
        for (const auto *field : {"subject", "message_id", "in_reply_to", "references", "date", "from",
                                  "reply_to", "to", "cc", "text", "html", "remote_images", "reply",
                                  "attachments", "bounce", "auto_reply", "bulk", "loop", "defects"})
            QVERIFY2(json.contains(field), field);
        QVERIFY(json["message_id"].is_null() && json["html"].is_null() && json["bounce"]["verdict"] == false);
    }
};

REGISTER_TEST(MailReadingTest);
#include "tst_mail_reading.moc"
