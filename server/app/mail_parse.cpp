#include "server/app/exit_code.h"
#include "server/app/verbs.h"
#include "server/channels/email/email_codec.h"
#include "server/channels/email/email_inbound.h"
#include "shared/base/json.h"

#include <fstream>
#include <iostream>

namespace server::app {

namespace {

using channels::email::Address;
using channels::email::Mail;
using channels::email::Verdict;

/// At most one byte over the limit: the reader tells then that it was too much.
std::string contentOf(const std::string &file, std::size_t most)
{
    std::ifstream named;
    if (file != "-") {
        named.open(file, std::ios::binary);
        if (!named)
            throw Stop{ExitCode::Usage, "There is no readable file \"" + file + "\"."};
    }
    std::istream &from = file == "-" ? std::cin : named;
    std::string bytes;
    char block[16'384];
    while (bytes.size() <= most && (from.read(block, sizeof block), from.gcount() > 0))
        bytes.append(block, static_cast<std::size_t>(from.gcount()));
    if (from.bad() || (file != "-" && bytes.empty() && !from.eof()))
        throw Stop{ExitCode::Failed, "The file \"" + file + "\" cannot be read."};
    return bytes;
}

std::string listed(const std::vector<Address> &addresses)
{
    std::string result;
    for (const auto &one : addresses)
        result +=
            (result.empty() ? "" : ", ") + (one.name.empty() ? "" : one.name + ' ') + '<' + one.address + '>';
    return result;
}

void print(const char *name, const std::string &value)
{
    if (!value.empty())
        std::cout << name << ": " << value << '\n';
}

void print(const char *name, const Verdict &verdict)
{
    if (verdict.yes)
        std::cout << name << ": " << verdict.reason << '\n';
}

void printForPeople(const Mail &mail)
{
    print("Subject", mail.subject);
    print("From", listed(mail.from));
    print("To", listed(mail.to));
    print("Cc", listed(mail.cc));
    print("Message-ID", mail.messageId);
    print("Bounce", mail.bounce);
    print("Automatic", mail.autoReply);
    print("Bulk", mail.bulk);
    print("Loop", mail.loop);
    for (const auto &one : mail.attachments)
        std::cout << "Attachment: " << (one.name.empty() ? "(no name)" : one.name) << ", " << one.type << ", "
                  << one.bytes.size() << " bytes\n";
    for (const auto &defect : mail.defects)
        std::cout << "Defect: " << defect << '\n';
    std::cout << '\n' << mail.reply << '\n';
}

} // namespace

void mailParse(const Command &command)
{
    channels::email::Reading reading;
    reading.ownAddresses = command.ownAddresses;
    const auto mail = channels::email::readMail(contentOf(command.mailFile, reading.limits.bytes), reading);
    if (command.json)
        std::cout << base::toText(channels::email::toJson(mail)) << '\n';
    else
        printForPeople(mail);
    std::cout.flush();
    if (!std::cout)
        throw Stop{ExitCode::Failed, "The answer could not be written."};
}

} // namespace server::app
