# bash completion for newswired                                                        -*- shell-script -*-

_newswired() {
    local cur prev words cword
    _init_completion || return
    case $prev in
        -c | --config) _filedir; return ;;
        --demo | --follow) _filedir -d; return ;;
    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "--config --check --once --print --demo --follow --version --help" -- "$cur"))
    else
        _filedir
    fi
}
complete -F _newswired newswired
