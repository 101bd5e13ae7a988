#!/bin/sh
# /usr/local/bin/muster-vboxmanage: what Muster may ask of VirtualBox over ssh. Nothing here changes a VM. Before its key in authorized_keys:
# command="/usr/local/bin/muster-vboxmanage",restrict ssh-ed25519 ...
h='[0-9a-f][0-9a-f][0-9a-f][0-9a-f]'
u="$h$h-$h-$h-$h-$h$h$h"
case "$SSH_ORIGINAL_COMMAND" in
  "env LC_ALL=C.UTF-8 VBoxManage list vms") ;;
  "env LC_ALL=C.UTF-8 VBoxManage list runningvms") ;;
  "env LC_ALL=C.UTF-8 VBoxManage list systemproperties") ;;
  "env LC_ALL=C.UTF-8 VBoxManage list hostinfo") ;;
  "env LC_ALL=C.UTF-8 VBoxManage showvminfo "$u" --machinereadable") ;;
  "env LC_ALL=C.UTF-8 VBoxManage guestproperty enumerate "$u"") ;;
  *) echo 'muster-vboxmanage: not permitted' >&2; exit 126 ;;
esac
exec $SSH_ORIGINAL_COMMAND
