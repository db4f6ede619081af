#pragma once

#include <QPixmap>
#include <QString>
#include <QWidget>

class QPainter;

namespace client::widgets {

/// Alert: something needs the person (signed out).
enum class Presence { None, Online, Busy, Offline, Alert };

/// What an avatar shows. `name` gives the initials and the tint.
struct AvatarLook {
    QString name;
    QString channelIcon; ///< icon name of the badge, may be empty
    Presence presence = Presence::None;
    QPixmap picture; ///< instead of initials

    bool operator==(const AvatarLook &other) const;
};

/// "Mara Lindqvist" -> "ML"; one letter for one word; never splits a surrogate pair.
QString initials(const QString &name);
/// Index into Tokens::avatars, equal on every machine and run.
int avatarTint(const QString &name);
/// Draws into `rect`; `surface` is what lies behind (rings around badge and dot). Cached as pixmaps.
void paintAvatar(QPainter &painter, const QRect &rect, const AvatarLook &look, const QColor &surface);

/// An avatar as a widget. Its accessible name is the person's name.
class Avatar : public QWidget {
    Q_OBJECT

public:
    explicit Avatar(int size, QWidget *parent = nullptr);

    void setLook(AvatarLook look);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    AvatarLook m_look;
    int m_size;
};

} // namespace client::widgets
