// Carries the precompiled header asio_pch.h; see newswire_asio_pch in room.cmake.
