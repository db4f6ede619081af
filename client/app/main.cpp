#include "client/app/desktop/desktop.h"
#include "client/app/desktop/single_instance.h"
#include "client/app/desktop/start_trace.h"
#include "client/widgets/house.h"

#include <QApplication>
#include <QCommandLineParser>

#include <cstdio>
#include <cstring>

namespace {

using client::desktop::Options;
using client::widgets::ThemeMode;

/// Before there is an application, so that it works without a display.
bool saysVersion(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i)
        if (std::strcmp(argv[i], "--version") == 0 || std::strcmp(argv[i], "-v") == 0)
            return true;
    return false;
}

int fail(const QString &sentence)
{
    std::fprintf(stderr, "deskbell: %s\n", qPrintable(sentence));
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    if (saysVersion(argc, argv)) {
        std::puts("deskbell " DESKBELL_VERSION);
        return 0;
    }
    QApplication application{argc, argv};
    QCoreApplication::setApplicationName(QStringLiteral("Deskbell"));
    QCoreApplication::setApplicationVersion(QStringLiteral(DESKBELL_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("deskbell"));
    QGuiApplication::setQuitOnLastWindowClosed(false);

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Answers customers from the desktop."));
    parser.addHelpOption();
    parser.addOption({QStringLiteral("version"), QStringLiteral("Prints the version.")});
    const QCommandLineOption server{QStringLiteral("server"), QStringLiteral("Address for the sign-in page."),
                                    QStringLiteral("URL")};
    const QCommandLineOption profile{QStringLiteral("profile"), QStringLiteral("Where local data lives."),
                                     QStringLiteral("DIR")};
    const QCommandLineOption themeOption{QStringLiteral("theme"), QStringLiteral("light, dark or system."),
                                         QStringLiteral("THEME")};
    const QCommandLineOption language{QStringLiteral("language"),
                                      QStringLiteral("en, de; else the system's."), QStringLiteral("CODE")};
    const QCommandLineOption offline{QStringLiteral("offline"), QStringLiteral("Never connects.")};
    const QCommandLineOption noKeychain{QStringLiteral("no-keychain"),
                                        QStringLiteral("Keeps the sign-in in a file of the profile.")};
    parser.addOptions({server, profile, themeOption, language, offline, noKeychain});
    parser.addPositionalArgument(QStringLiteral("link"),
                                 QStringLiteral("deskbell://conversation/NUMBER to show."),
                                 QStringLiteral("[link]"));
    parser.process(application);
    const auto link = parser.positionalArguments().value(0);

    Options options{.server = parser.value(server),
                    .profile = parser.value(profile),
                    .language = parser.value(language),
                    .useKeychain = !parser.isSet(noKeychain),
                    .offline = parser.isSet(offline)};
    const auto mode = parser.value(themeOption);
    if (mode == QStringLiteral("light"))
        options.theme = ThemeMode::Light;
    else if (mode == QStringLiteral("dark"))
        options.theme = ThemeMode::Dark;
    else if (mode == QStringLiteral("system"))
        options.theme = ThemeMode::System;
    else if (!mode.isEmpty())
        return fail(QStringLiteral("--theme takes light, dark or system"));

    client::desktop::SingleInstance instance{
        options.profile.isEmpty() ? client::platform::Profile::standardDirectory() : options.profile};
    client::widgets::House house{application};
    auto desktop = client::desktop::Desktop::start(application, house.theme(), options);
    if (!desktop) {
        if (desktop.error().code == base::ErrorCode::Busy && instance.wakeOther(link))
            return 0;
        return fail(QString::fromStdString(desktop.error().detail));
    }
    instance.listen();
    QObject::connect(&instance, &client::desktop::SingleInstance::asked, desktop->get(),
                     &client::desktop::Desktop::openLink);
    client::desktop::StartTrace::installIfAsked();
    (*desktop)->show();
    if (!link.isEmpty())
        (*desktop)->openLink(link);
    return QApplication::exec();
}
