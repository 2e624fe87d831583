from ompy.appmanager.communication import wait_for_socket_from_web

while True:
    with wait_for_socket_from_web() as soc:
        for message in soc:
            soc.sync_send_text_message(str(message))
