#include "server/channels/email/email_tnef.h"

#include "server/channels/email/email_charset.h"
#include "shared/base/text.h"

#include <cstdint>

namespace server::channels::email {

namespace {

constexpr std::uint32_t signature = 0x223E9F78;
constexpr std::size_t mostAttachments = 500;
constexpr std::uint32_t mostProperties = 10'000;

// Attributes ([MS-OXTNEF] 2.1.3.2): type and id.
constexpr std::uint32_t oemCodepage = 0x00069007;
constexpr std::uint32_t messageBody = 0x0002800C;
constexpr std::uint32_t messageProperties = 0x00069003;
constexpr std::uint32_t attachmentBegins = 0x00069002;
constexpr std::uint32_t attachmentTitle = 0x00018010;
constexpr std::uint32_t attachmentData = 0x0006800F;
constexpr std::uint32_t attachmentProperties = 0x00069005;

/// Little-endian numbers and runs of bytes; once something is missing everything is.
class Reader {
public:
    explicit Reader(std::string_view bytes) : m_rest{bytes} {}

    std::uint32_t number(std::size_t size)
    {
        const auto bytes = take(size);
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
        return value;
    }
    std::string_view take(std::size_t size)
    {
        if (size > m_rest.size()) {
            m_torn = true;
            m_rest = {};
            return {};
        }
        const auto taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }
    /// A run whose length stands before it, filled up to four bytes.
    std::string_view run()
    {
        const std::size_t size = number(4);
        const auto taken = take(size);
        take((4 - taken.size() % 4) % 4 <= m_rest.size() ? (4 - taken.size() % 4) % 4 : m_rest.size());
        return taken;
    }
    [[nodiscard]] bool torn() const { return m_torn; }
    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }

private:
    std::string_view m_rest;
    bool m_torn = false;
};

/// Bytes of a value that is as long as its type says ([MS-OXCDATA] 2.11.1); nothing: its length stands before
/// it.
std::optional<std::size_t> fixedSize(std::uint32_t type)
{
    switch (type & 0x0fffu) {
    case 0x01:
        return 0; // null
    case 0x02:
    case 0x03:
    case 0x04:
    case 0x0a:
    case 0x0b:
        return 4;
    case 0x05:
    case 0x06:
    case 0x07:
    case 0x14:
    case 0x40:
        return 8;
    case 0x48:
        return 16;
    default:
        return std::nullopt;
    }
}

struct Property {
    std::uint32_t id = 0, type = 0;
    std::string_view value;
};

void skipName(Reader &reader)
{
    reader.take(16);
    if (reader.number(4) == 0)
        reader.take(4);
    else
        reader.run();
}

template <class Take>
void eachProperty(std::string_view bytes, const Take &take)
{
    Reader reader{bytes};
    const auto count = reader.number(4);
    for (std::uint32_t i = 0; i < count && i < mostProperties && !reader.torn(); ++i) {
        Property property;
        property.type = reader.number(2);
        property.id = reader.number(2);
        if (property.id >= 0x8000)
            skipName(reader);
        const bool several = (property.type & 0x1000u) != 0;
        const auto size = fixedSize(property.type);
        const auto values = several || !size ? reader.number(4) : 1;
        for (std::uint32_t v = 0; v < values && !reader.torn() && !reader.atEnd(); ++v)
            property.value = size ? reader.take(*size) : reader.run();
        if (!reader.torn())
            take(property);
    }
}

class TnefReading {
public:
    Tnef read(Reader &reader)
    {
        while (!reader.atEnd() && !reader.torn()) {
            reader.take(1); // level: the attribute's number says it as well
            const auto attribute = reader.number(4);
            const std::size_t size = reader.number(4);
            const auto data = reader.take(size);
            const auto checksum = reader.number(2);
            if (reader.torn())
                break;
            checkSum(data, checksum);
            take(attribute, data);
        }
        if (reader.torn())
            m_result.defects.emplace_back("the TNEF part ends too early");
        return std::move(m_result);
    }

private:
    void checkSum(std::string_view data, std::uint32_t checksum)
    {
        std::uint32_t sum = 0;
        for (const char c : data)
            sum += static_cast<unsigned char>(c);
        if ((sum & 0xffffu) != checksum && !m_toldChecksum) {
            m_toldChecksum = true;
            m_result.defects.emplace_back("a checksum in the TNEF part is wrong");
        }
    }

    void take(std::uint32_t attribute, std::string_view data)
    {
        switch (attribute) {
        case oemCodepage:
            m_charset = "windows-" + std::to_string(Reader{data}.number(4));
            break;
        case messageBody:
            m_result.text = text(data);
            break;
        case messageProperties:
            eachProperty(data, [&](const Property &property) { takeOfMessage(property); });
            break;
        case attachmentBegins:
            if (m_result.attachments.size() < mostAttachments)
                m_result.attachments.emplace_back();
            break;
        case attachmentTitle:
            if (auto *one = current(); one && one->name.empty())
                one->name = text(data);
            break;
        case attachmentData:
            if (auto *one = current())
                one->bytes = std::string{data};
            break;
        case attachmentProperties:
            eachProperty(data, [&](const Property &property) { takeOfAttachment(property); });
            break;
        default:
            break;
        }
    }

    void takeOfMessage(const Property &property)
    {
        if (property.id == 0x1000 && m_result.text.empty())
            m_result.text = text(property);
        else if (property.id == 0x1013)
            m_result.html = text(property);
        else if (property.id == 0x1009 && m_result.text.empty())
            m_result.defects.emplace_back("the TNEF part has its text as RTF, which is not read");
    }

    void takeOfAttachment(const Property &property)
    {
        auto *const one = current();
        if (one == nullptr)
            return;
        switch (property.id) {
        case 0x3707:
            one->name = text(property);
            break; // the long name
        case 0x3704:
            if (one->name.empty())
                one->name = text(property);
            break;
        case 0x370e:
            one->type = text(property);
            break;
        case 0x3712:
            one->contentId = text(property);
            break;
        case 0x3701:
            if (one->bytes.empty())
                one->bytes = std::string{property.value};
            break;
        default:
            break;
        }
    }

    [[nodiscard]] std::string text(std::string_view bytes) const
    {
        while (!bytes.empty() && bytes.back() == '\0')
            bytes.remove_suffix(1);
        return toUtf8(bytes, m_charset);
    }
    [[nodiscard]] std::string text(const Property &property) const
    {
        return (property.type & 0x0fffu) == 0x1f ? base::cleaned(fromUtf16(property.value))
                                                 : text(property.value);
    }
    TnefAttachment *current()
    {
        return m_result.attachments.empty() ? nullptr : &m_result.attachments.back();
    }

    Tnef m_result;
    std::string m_charset = "windows-1252";
    bool m_toldChecksum = false;
};

} // namespace

std::optional<Tnef> readTnef(std::string_view bytes)
{
    Reader reader{bytes};
    if (reader.number(4) != signature || reader.torn())
        return std::nullopt;
    reader.take(2); // key
    return TnefReading{}.read(reader);
}

} // namespace server::channels::email
