#include "server/platform/multipart.h"

#include <Poco/BufferedStreamBuf.h>
#include <Poco/Exception.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/MultipartReader.h>

#include <exception>
#include <istream>

namespace server::platform {

namespace {

using base::ErrorCode;

/// A request body as a stream. Streams swallow exceptions, so what the body threw is kept for rethrow().
class BodyStreamBuffer : public Poco::BufferedStreamBuf {
public:
    explicit BodyStreamBuffer(ports::BodyReader &body)
        : Poco::BufferedStreamBuf{64 * 1024, std::ios::in}
        , m_body{body}
    {
    }

    void rethrow() const
    {
        if (m_failure)
            std::rethrow_exception(m_failure);
    }

private:
    int readFromDevice(char *buffer, std::streamsize length) override
    {
        try {
            return static_cast<int>(m_body.read(buffer, static_cast<std::size_t>(length)));
        } catch (const ports::BodyError &) {
            m_failure = std::current_exception();
            return 0;
        }
    }

    ports::BodyReader &m_body;
    std::exception_ptr m_failure;
};

class PartBody : public ports::BodyReader {
public:
    PartBody(std::istream &part, const BodyStreamBuffer &whole) : m_part{part}, m_whole{whole} {}

    std::size_t read(char *into, std::size_t size) override
    {
        m_part.read(into, static_cast<std::streamsize>(size));
        m_whole.rethrow();
        return static_cast<std::size_t>(m_part.gcount());
    }

private:
    std::istream &m_part;
    const BodyStreamBuffer &m_whole;
};

base::Result<ports::MultipartPart> describe(const Poco::Net::MessageHeader &head)
{
    std::string disposition;
    Poco::Net::NameValueCollection parameters;
    Poco::Net::MessageHeader::splitParameters(head.get("Content-Disposition", ""), disposition, parameters);
    if (disposition != "form-data" || !parameters.has("name"))
        return base::Error{ErrorCode::Invalid, "multipart"};
    return ports::MultipartPart{parameters.get("name"), parameters.get("filename", ""),
                                head.get("Content-Type", ""), parameters.has("filename")};
}

base::Result<std::string> wholeValue(ports::BodyReader &body, std::size_t most)
{
    std::string value;
    char piece[4096];
    while (const auto got = body.read(piece, sizeof piece)) {
        if (value.size() + got > most)
            return base::Error{ErrorCode::TooLarge, "multipart"};
        value.append(piece, got);
    }
    return value;
}

base::Status deliver(const ports::MultipartPart &part, PartBody &body, const ports::MultipartSink &sink,
                     const ports::MultipartLimits &limits)
{
    if (!part.isFile) {
        auto value = wholeValue(body, limits.fieldBytes);
        if (!value)
            return value.error();
        return sink.field(part.name, std::move(*value));
    }
    const auto outcome = sink.file(part, body);
    char rest[16 * 1024];
    while (outcome && body.read(rest, sizeof rest) > 0) {
    }
    return outcome;
}

bool sawClosingBoundary(const Poco::Net::MultipartReader &reader)
{
    const auto *last = dynamic_cast<const Poco::Net::MultipartInputStream *>(&reader.stream());
    return last && last->lastPart();
}

base::Status readParts(Poco::Net::MultipartReader &reader, const BodyStreamBuffer &whole,
                       const ports::MultipartSink &sink, const ports::MultipartLimits &limits)
{
    std::size_t count = 0;
    while (count == 0 || reader.hasNextPart()) {
        if (++count > limits.parts)
            return base::Error{ErrorCode::TooLarge, "multipart"};
        Poco::Net::MessageHeader head;
        head.setFieldLimit(16);
        reader.nextPart(head);
        whole.rethrow();
        const auto part = describe(head);
        if (!part)
            return part.error();
        PartBody body{reader.stream(), whole};
        if (const auto outcome = deliver(*part, body, sink, limits); !outcome)
            return outcome;
        whole.rethrow();
        if (sawClosingBoundary(reader))
            return base::Done{};
    }
    return base::Error{ErrorCode::Invalid, "multipart"};
}

} // namespace

base::Status PocoMultipart::read(std::string_view contentType, ports::BodyReader &body,
                                 const ports::MultipartSink &sink, const ports::MultipartLimits &limits) const
{
    std::string type;
    Poco::Net::NameValueCollection parameters;
    Poco::Net::MessageHeader::splitParameters(std::string{contentType}, type, parameters);
    const auto boundary = parameters.get("boundary", "");
    if (type != "multipart/form-data" || boundary.empty() || boundary.size() > 70)
        return base::Error{ErrorCode::Invalid, "multipart"};

    BodyStreamBuffer buffer{body};
    std::istream stream{&buffer};
    Poco::Net::MultipartReader reader{stream, boundary};
    try {
        return readParts(reader, buffer, sink, limits);
    } catch (const Poco::Exception &) {
        buffer.rethrow();
        return base::Error{ErrorCode::Invalid, "multipart"};
    }
}

} // namespace server::platform
